-- name: the states that an app went through
-- why: the progress of a build is shown live
-- often: 10 a second
-- parameter app: app_status_history."appId"
-- expect: index "app_status_history_appId_createdAt_idx"
-- expect: at most 2 rows read per row
-- expect: no sort

select id, status, message, "createdAt"
from app_status_history
where "appId" = :app
order by "createdAt" desc
limit 50;
