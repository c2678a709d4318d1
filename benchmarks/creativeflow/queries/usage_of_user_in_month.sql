-- name: what a user did in the last month
-- why: the limits of a tier are checked against it before each generation
-- often: 20 a second
-- parameter user: usage_logs.user_id
-- parameter since: select max("timestamp") - interval '1 month' from usage_logs
-- expect: index idx_usagelog_userid_timestamp
-- expect: no sequential scan
-- expect: growth at most linear

select action_type, count(*), sum(credits_cost)
from usage_logs
where user_id = :user and "timestamp" >= :since
  and "timestamp" < :since::timestamp + interval '1 month'
group by action_type;
