-- name: the number of a project's last version
-- why: each save takes the next number
-- often: 15 a second
-- parameter project: asset_versions.project_id
-- expect: index idx_assetversion_projectid_version
-- expect: at most 1 row read per row
-- expect: at most 6 shared buffers
-- expect: growth at most logarithmic

select max(version_number)
from asset_versions
where project_id = :project;
