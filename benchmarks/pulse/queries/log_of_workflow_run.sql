-- name: the log of a run
-- why: the page of a run
-- often: 5 a second
-- parameter run: workflow_run_logs."workflowRunId"
-- expect: index "workflow_run_logs_workflowRunId_idx"
-- expect: at most 1 row read per row

select id, "stepId", "stepStatus", message
from workflow_run_logs
where "workflowRunId" = :run
order by "timestamp";
