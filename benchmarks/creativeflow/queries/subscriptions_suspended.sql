-- name: subscriptions that are suspended
-- why: the dunning job goes through them
-- often: 1 an hour
-- parameter status: 'Suspended'
-- expect: index idx_subscriptions_status
-- expect: at most 1 row read per row

select id, user_id
from subscriptions
where status = :status;
