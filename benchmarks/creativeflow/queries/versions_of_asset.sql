-- name: the versions of an asset, the newest first
-- why: the history beside the editor
-- often: 10 a second
-- parameter asset: asset_versions.asset_id
-- expect: index idx_assetversion_assetid_version
-- expect: at most 1 row read per row
-- expect: no sort

select version_number, file_path, description, created_at
from asset_versions
where asset_id = :asset
order by version_number desc
limit 50;
