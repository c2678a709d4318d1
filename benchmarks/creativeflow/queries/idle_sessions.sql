-- name: sessions without activity for long, the longest first
-- why: the job that signs idle devices out runs each minute
-- often: 1 a minute
-- parameter since: select min(last_activity)
--   + (max(last_activity) - min(last_activity)) / 100 from sessions
-- expect: index idx_session_lastactivity
-- expect: at most 1 row read per row
-- expect: no sort

select id, user_id, last_activity
from sessions
where last_activity < :since
order by last_activity
limit 200;
