-- name: a user's sessions that have not expired
-- why: the security page shows them, and each sign-in counts them
-- often: 20 a second
-- parameter user: sessions.user_id
-- parameter now: select max(expires_at) - interval '30 days' from sessions
-- expect: index idx_session_userid_expiresat
-- expect: at most 1 row read per row
-- expect: at most 50 shared buffers

select id, device_info, ip_address, last_activity, expires_at
from sessions
where user_id = :user and expires_at > :now
order by expires_at desc;
