-- title: an execution rolls back one of its own campaign
-- why: one campaign would get back the budget of another
-- breaks: update allocator_autopilot_executions as e set "rollbackOfId" = o.id
--   from allocator_autopilot_executions as o where o."campaignId" <> e."campaignId"
-- breaks: update allocator_autopilot_executions set "rollbackOfId" = id
select e.id as execution_id, e."campaignId", o.id as rolled_back, o."campaignId" as campaign_of
from allocator_autopilot_executions as e
join allocator_autopilot_executions as o on o.id = e."rollbackOfId"
where o."campaignId" <> e."campaignId" or o.id = e.id
order by e.id
