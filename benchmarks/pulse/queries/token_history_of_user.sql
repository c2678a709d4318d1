-- name: a user's latest token transactions
-- why: the billing page
-- often: 5 a second
-- parameter user: token_transactions."userId"
-- expect: index "token_transactions_userId_createdAt_idx"
-- expect: at most 2 rows read per row
-- expect: no sort
-- expect: growth at most logarithmic

select id, amount, type, "balanceAfter", "createdAt"
from token_transactions
where "userId" = :user
order by "createdAt" desc
limit 50;
