-- title: what the allocator does to a campaign it does in that campaign's workspace
-- why: one customer's autopilot would spend another customer's budget
-- breaks: update allocator_autopilot_configs as c set "campaignId" = a.id
--   from allocator_campaigns as a where a."workspaceId" <> c."workspaceId"
-- breaks: update allocator_guardrail_alerts as l set "workspaceId" = w.id
--   from workspaces as w where w.id <> l."workspaceId"
-- breaks: update allocator_autopilot_executions as e set "campaignId" = a.id
--   from allocator_campaigns as a where a."workspaceId" <> e."workspaceId"
-- breaks: update allocator_audit_logs as l set "executionId" = e.id
--   from allocator_autopilot_executions as e where e."workspaceId" <> l."workspaceId"
with acts as (
    select 'config' as act, c.id, c."workspaceId", c."campaignId"
    from allocator_autopilot_configs as c
    union all
    select 'alert', l.id, l."workspaceId", l."campaignId"
    from allocator_guardrail_alerts as l
    union all
    select 'execution', e.id, e."workspaceId", e."campaignId"
    from allocator_autopilot_executions as e
    union all
    select 'log', l.id, l."workspaceId", e."campaignId"
    from allocator_audit_logs as l
    join allocator_autopilot_executions as e on e.id = l."executionId"
)
select x.act, x.id, x."workspaceId", c."workspaceId" as campaign_of
from acts as x
join allocator_campaigns as c on c.id = x."campaignId"
where c."workspaceId" <> x."workspaceId"
order by x.act, x.id
