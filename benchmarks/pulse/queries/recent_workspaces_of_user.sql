-- name: where a user was last
-- why: the switcher shows them first
-- often: 20 a second
-- parameter user: workspace_recent_access."userId"
-- expect: index "workspace_recent_access_userId_accessedAt_idx"
-- expect: at most 2 rows read per row

select "workspaceId", "accessedAt"
from workspace_recent_access
where "userId" = :user
order by "accessedAt" desc
limit 5;
