-- name: the versions of an app's code, the newest first
-- why: the history beside the editor
-- often: 5 a second
-- parameter app: app_code_versions."appId"
-- expect: index "app_code_versions_appId_createdAt_idx"
-- expect: at most 2 rows read per row
-- expect: no sort

select id, hash, description, "createdAt"
from app_code_versions
where "appId" = :app
order by "createdAt" desc
limit 20;
