-- name: a user's credits by month, the last three months
-- why: the billing page
-- often: 2 a second
-- parameter user: credit_transactions.user_id
-- parameter since: select date_trunc('month', max(created_at)) - interval '2 months'
--   from credit_transactions
-- expect: index idx_credittransaction_userid_createdat
-- expect: at most 7 partitions of credit_transactions
-- expect: no sequential scan
-- expect: growth at most linear

select date_trunc('month', created_at) as month, action_type, sum(amount) as credits
from credit_transactions
where user_id = :user and created_at >= :since
group by 1, 2
order by 1, 2;
