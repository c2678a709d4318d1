-- name: a payment by the provider's id
-- why: every call-back of the payment provider
-- often: 5 a second
-- parameter intent: stripe_payments."stripePaymentIntentId"
-- expect: index "stripe_payments_stripePaymentIntentId_idx" or
--   "stripe_payments_stripePaymentIntentId_key"
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers

select id, status, "userId"
from stripe_payments
where "stripePaymentIntentId" = :intent;
