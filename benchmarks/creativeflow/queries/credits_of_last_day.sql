-- name: credits of the last day by action
-- why: the finance page, and the export to accounting
-- often: 1 a minute
-- parameter since: select max(created_at) - interval '1 day' from credit_transactions
-- expect: index idx_credit_transactions_created_at
-- expect: growth at most linear

select action_type, sum(amount)
from credit_transactions
where created_at >= :since and created_at < :since::timestamp + interval '1 day'
group by action_type;
