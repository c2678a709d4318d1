-- name: notifications of the last hour by type
-- why: the operators' page shows whether the mailer keeps up
-- often: 6 a minute
-- parameter since: select max(created_at) - interval '1 hour' from notifications
-- expect: index idx_notifications_created_at
-- expect: at most 1 partition of notifications
-- expect: growth at most linear

select type, count(*)
from notifications
where created_at >= :since and created_at < :since::timestamp + interval '1 hour'
group by type;
