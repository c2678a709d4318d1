-- name: alerts that nobody has acknowledged
-- why: the number on every page of the allocator
-- often: 10 a second
-- parameter workspace: allocator_guardrail_alerts."workspaceId"
-- expect: index "allocator_guardrail_alerts_workspaceId_acknowledged_idx" or
--   "allocator_guardrail_alerts_workspaceId_createdAt_idx"
-- expect: no sequential scan
-- expect: growth at most linear

select count(*)
from allocator_guardrail_alerts
where "workspaceId" = :workspace and not acknowledged;
