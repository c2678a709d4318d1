-- name: the scheduled posts of a workspace in order
-- why: the calendar page
-- often: 10 a second
-- parameter workspace: scheduled_posts."workspaceId"
-- expect: index "scheduled_posts_workspaceId_scheduledAt_idx" or
--   "scheduled_posts_workspaceId_idx" or "scheduled_posts_workspaceId_status_idx"
-- expect: at most 3 rows read per row

select id, status, "scheduledAt"
from scheduled_posts
where "workspaceId" = :workspace
order by "scheduledAt"
limit 100;
