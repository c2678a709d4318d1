-- name: sessions whose time is over, the oldest first
-- why: the job that clears them out runs each minute, and must not read those that are open
-- often: 1 a minute
-- parameter now: select min(expires_at) + (max(expires_at) - min(expires_at)) / 100 from sessions
-- expect: index idx_session_expiresat
-- expect: at most 1 row read per row
-- expect: no sort

select id
from sessions
where expires_at < :now
order by expires_at
limit 500;
