-- name: the notifications of a month that a user has read, the newest first
-- why: scrolling down beneath the bell waits for it
-- often: 10 a second
-- parameter user: notifications.user_id
-- parameter since: select date_trunc('month', max(created_at)) from notifications
-- expect: index idx_notification_userid_isread_createdat
-- expect: at most 1 partition of notifications
-- expect: at most 2 rows read per row

select id, type, message, created_at
from notifications
where user_id = :user and is_read = true
  and created_at >= :since and created_at < :since::timestamp + interval '1 month'
order by created_at desc
limit 20;
