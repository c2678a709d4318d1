-- name: the latest messages about an app
-- why: the chat beside an app
-- often: 20 a second
-- parameter app: app_messages."appId"
-- expect: index "app_messages_appId_createdAt_idx" or "app_messages_appId_deletedAt_idx" or
--   "app_messages_appId_isRead_idx"
-- expect: no sequential scan
-- expect: no sort
-- expect: growth at most logarithmic

select id, role, content, "createdAt"
from app_messages
where "appId" = :app
order by "createdAt" desc
limit 50;
