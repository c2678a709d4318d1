-- name: a user's subscription
-- why: every generation asks what the user may do
-- often: 50 a second
-- parameter user: subscriptions.user_id
-- expect: index uq_subscriptions_user_id
-- expect: at most 1 row read per row
-- expect: at most 6 shared buffers

select plan_id, status, current_period_end
from subscriptions
where user_id = :user;
