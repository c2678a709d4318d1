-- name: schedules whose time has come
-- why: the scheduler asks each second
-- often: 1 a second
-- parameter now: select min("nextRunAt") + (max("nextRunAt") - min("nextRunAt")) / 100 from
--   workflow_schedules
-- expect: index "workflow_schedules_nextRunAt_isActive_idx"
-- expect: at most 4 rows read per row

select id, "workflowId"
from workflow_schedules
where "nextRunAt" <= :now and "isActive"
order by "nextRunAt"
limit 20;
