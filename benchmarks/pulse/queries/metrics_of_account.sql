-- name: an account's figures of the last days
-- why: the page of an account
-- often: 5 a second
-- parameter account: social_metrics."accountId"
-- expect: index "social_metrics_accountId_idx" or "social_metrics_accountId_date_key"
-- expect: no sequential scan

select date, followers, impressions, likes
from social_metrics
where "accountId" = :account
order by date desc
limit 30;
