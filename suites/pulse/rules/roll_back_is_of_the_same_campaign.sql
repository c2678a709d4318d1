-- title: an execution rolls back one of its own campaign
-- why: one campaign would get back the budget of another
-- breaks: update allocator_autopilot_executions as e set "campaignId" = c.id
--   from allocator_campaigns as c where c.id <> e."campaignId" and e."rollbackOfId" is not null
-- breaks: update allocator_autopilot_executions as e set "rollbackOfId" = e.id
--   where not exists (
--       select from allocator_autopilot_executions as o where o."rollbackOfId" = e.id and o.id <> e.id
--   )
select e.id as execution_id, e."campaignId", o.id as rolled_back, o."campaignId" as campaign_of
from allocator_autopilot_executions as e
join allocator_autopilot_executions as o on o.id = e."rollbackOfId"
where o."campaignId" <> e."campaignId" or o.id = e.id
order by e.id
