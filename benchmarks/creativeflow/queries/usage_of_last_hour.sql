-- name: usage of the last hour by action
-- why: the operators' page asks each ten seconds
-- often: 6 a minute
-- parameter since: select max("timestamp") - interval '1 hour' from usage_logs
-- expect: index idx_usage_logs_timestamp
-- expect: at most 1 partition of usage_logs
-- expect: growth at most linear

select action_type, count(*)
from usage_logs
where "timestamp" >= :since and "timestamp" < :since::timestamp + interval '1 hour'
group by action_type;
