-- name: the workspaces of a user, with the role
-- why: the switcher on every page
-- often: 50 a second
-- parameter user: workspace_members."userId"
-- expect: index "workspace_members_userId_idx"
-- expect: at most 1 row read per row

select "workspaceId", role
from workspace_members
where "userId" = :user;
