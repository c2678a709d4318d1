-- name: the latest messages about an app
-- why: the chat beside an app
-- often: 20 a second
-- parameter app: app_messages."appId"
-- expect: index "app_messages_appId_createdAt_idx"
-- expect: at most 2 rows read per row
-- expect: no sort
-- expect: growth at most logarithmic

select id, role, content, "createdAt"
from app_messages
where "appId" = :app
order by "createdAt" desc
limit 50;
