-- name: how many notifications a user has not read
-- why: the number beside the bell, on every page
-- often: 40 a second
-- parameter user: notifications.user_id
-- plans: custom, generic
-- expect: index idx_notification_userid_isread_unread
-- expect: no sequential scan
-- expect: growth at most linear

select count(*)
from notifications
where user_id = :user and is_read = false;
