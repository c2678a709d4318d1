-- name: how many messages of an app are unread
-- why: the number beside the app
-- often: 10 a second
-- parameter app: app_messages."appId"
-- expect: index "app_messages_appId_isRead_idx" or "app_messages_appId_createdAt_idx" or
--   "app_messages_appId_deletedAt_idx"
-- expect: growth at most linear
-- expect: no sequential scan

select count(*)
from app_messages
where "appId" = :app and not "isRead";
