-- title: versions of one asset or project count from 1 without a gap
-- why: "back to the version before" subtracts one; a gap leads nowhere
-- breaks: update asset_versions set version_number = 2 where version_number = 1
-- breaks: insert into asset_versions (asset_id, version_number) select id, 2 from assets
select v.asset_id, v.project_id, count(*) as versions, max(v.version_number) as highest
from asset_versions as v
group by v.asset_id, v.project_id
having count(*) <> max(v.version_number)
order by v.asset_id, v.project_id
