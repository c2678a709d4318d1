-- name: what an agent has done in a session
-- why: the live view of a session
-- often: 10 a second
-- parameter session: agent_session_activities."sessionId"
-- expect: index "agent_session_activities_sessionId_createdAt_idx"
-- expect: at most 1 row read per row
-- expect: no sort

select id, type, content, "createdAt"
from agent_session_activities
where "sessionId" = :session
order by "createdAt"
limit 200;
