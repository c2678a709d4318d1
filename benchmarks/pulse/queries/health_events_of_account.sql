-- name: what happened to an account's health
-- why: the page of an account
-- often: 2 a second
-- parameter account: account_health_events."accountId"
-- expect: index "account_health_events_accountId_createdAt_idx"
-- expect: at most 2 rows read per row

select id, "eventType", severity, "createdAt"
from account_health_events
where "accountId" = :account
order by "createdAt" desc
limit 20;
