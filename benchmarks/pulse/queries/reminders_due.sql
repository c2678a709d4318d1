-- name: reminders of a workspace that are due
-- why: the first page of connections
-- often: 5 a second
-- parameter workspace: connection_reminders."workspaceId"
-- parameter now: select min("dueDate") + (max("dueDate") - min("dueDate")) / 10 from
--   connection_reminders
-- expect: index "connection_reminders_workspaceId_dueDate_idx" or
--   "connection_reminders_workspaceId_status_idx"
-- expect: at most 20 rows read per row

select id, title, "dueDate"
from connection_reminders
where "workspaceId" = :workspace and "dueDate" <= :now
order by "dueDate"
limit 20;
