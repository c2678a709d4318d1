-- name: subscriptions whose period ends soon
-- why: the renewal job runs each minute
-- often: 1 a minute
-- parameter now: select min(current_period_end)
--   + (max(current_period_end) - min(current_period_end)) / 100 from subscriptions
-- expect: index idx_subscription_currentperiodend
-- expect: at most 1 row read per row
-- expect: no sort

select id, user_id, current_period_end
from subscriptions
where current_period_end < :now
order by current_period_end
limit 100;
