-- name: the requirements of an app
-- why: planning a build reads them
-- often: 5 a second
-- parameter app: requirements."appId"
-- expect: index "requirements_appId_idx"
-- expect: at most 1 row read per row

select id, description, priority, status
from requirements
where "appId" = :app;
