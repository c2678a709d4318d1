-- name: the files of a workspace
-- why: the library page
-- often: 10 a second
-- parameter workspace: assets."workspaceId"
-- expect: index "assets_workspaceId_idx"
-- expect: no sequential scan
-- expect: growth at most linear

select id, filename, "fileType", "createdAt"
from assets
where "workspaceId" = :workspace
order by "createdAt" desc
limit 50;
