-- name: the decisions about a campaign
-- why: the page of a campaign's autopilot
-- often: 2 a second
-- parameter campaign: allocator_audit_logs."campaignId"
-- expect: index "allocator_audit_logs_campaignId_createdAt_idx"
-- expect: at most 2 rows read per row

select id, "decisionType", "decisionOutcome", "createdAt"
from allocator_audit_logs
where "campaignId" = :campaign
order by "createdAt" desc
limit 50;
