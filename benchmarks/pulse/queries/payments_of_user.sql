-- name: a user's payments, the newest first
-- why: the billing page
-- often: 1 a second
-- parameter user: stripe_payments."userId"
-- expect: index "stripe_payments_userId_createdAt_idx"
-- expect: at most 2 rows read per row

select id, "amountUSD", status, "createdAt"
from stripe_payments
where "userId" = :user
order by "createdAt" desc
limit 20;
