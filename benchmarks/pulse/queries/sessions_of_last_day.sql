-- name: visits of the last day by source
-- why: the marketing page
-- often: 1 a minute
-- parameter since: select max("sessionStart") - interval '1 day' from visitor_sessions
-- expect: index "visitor_sessions_sessionStart_idx"
-- expect: growth at most linear

select "utmSource", count(*)
from visitor_sessions
where "sessionStart" >= :since
group by 1;
