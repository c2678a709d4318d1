-- name: mark a user's notifications as read
-- why: opening the bell writes it
-- often: 5 a second
-- parameter user: notifications.user_id
-- parameter until: select max(created_at) from notifications
-- expect: index idx_notification_userid_isread_unread or idx_notification_userid_isread_createdat
-- expect: no sequential scan
-- expect: growth at most linear

update notifications
set is_read = true
where user_id = :user and is_read = false and created_at <= :until;
