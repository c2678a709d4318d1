-- name: the steps of a workflow
-- why: each run reads them first
-- often: 10 a second
-- parameter version: workflow_steps."workflowVersionId"
-- expect: index "workflow_steps_workflowVersionId_idx"
-- expect: at most 1 row read per row

select id, name, type, sequence
from workflow_steps
where "workflowVersionId" = :version
order by sequence;
