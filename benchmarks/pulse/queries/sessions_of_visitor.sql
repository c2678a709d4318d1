-- name: the visits of a visitor
-- why: each page view continues a visit or begins one
-- often: 100 a second
-- parameter visitor: visitor_sessions."visitorId"
-- expect: index "visitor_sessions_visitorId_idx"
-- expect: at most 1 row read per row

select id, "sessionStart", "pageViewCount"
from visitor_sessions
where "visitorId" = :visitor;
