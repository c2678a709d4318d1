-- name: what happened in a visit
-- why: the replay of a visit
-- often: 2 a second
-- parameter session: analytics_events."sessionId"
-- expect: index "analytics_events_sessionId_timestamp_idx"
-- expect: at most 1 row read per row
-- expect: no sort

select id, name, category, "timestamp"
from analytics_events
where "sessionId" = :session
order by "timestamp"
limit 500;
