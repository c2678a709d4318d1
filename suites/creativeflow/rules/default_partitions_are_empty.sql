-- title: no row has fallen into a default partition
-- why: it came in a month that nobody created, and creating that month now has to move it
-- breaks: update notifications set created_at = '2001-01-01'
-- breaks: insert into usage_logs (user_id, action_type, "timestamp")
--   select id, 'too early', '2001-01-01' from users
-- breaks: insert into credit_transactions (user_id, amount, action_type, created_at)
--   select id, 1, 'too late', 'infinity' from users
select 'credit_transactions' as partitioned_table, d.created_at as key, d.id::text
from credit_transactions_default as d
union all
select 'notifications', d.created_at, d.id::text
from notifications_default as d
union all
select 'usage_logs', d."timestamp", d.id::text
from usage_logs_default as d
order by partitioned_table, key
