-- name: the latest jobs of an app
-- why: the build page
-- often: 5 a second
-- parameter app: sandbox_jobs."appId"
-- expect: index "sandbox_jobs_appId_startedAt_idx"
-- expect: at most 2 rows read per row

select id, status, "startedAt", error
from sandbox_jobs
where "appId" = :app
order by "startedAt" desc
limit 10;
