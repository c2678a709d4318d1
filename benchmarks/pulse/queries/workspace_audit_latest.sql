-- name: the latest entries of a workspace's log
-- why: the page of the log
-- often: 2 a second
-- parameter workspace: workspace_audit_logs."workspaceId"
-- expect: index "workspace_audit_logs_workspaceId_createdAt_idx"
-- expect: at most 2 rows read per row
-- expect: no sort
-- expect: growth at most logarithmic
-- expect heaviest: index "workspace_audit_logs_workspaceId_createdAt_idx" or
--   "workspace_audit_logs_createdAt_idx"
-- expect heaviest: at most 40 rows read per row

select id, action, "userId", "createdAt"
from workspace_audit_logs
where "workspaceId" = :workspace
order by "createdAt" desc
limit 50;
