-- name: what was refunded in all
-- why: the finance page shows it beside the sales
-- often: 1 a minute
-- parameter action: 'refund'
-- expect: index idx_credittransaction_actiontype
-- expect: no sequential scan
-- expect: growth at most linear

select count(*), sum(amount)
from credit_transactions
where action_type = :action;
