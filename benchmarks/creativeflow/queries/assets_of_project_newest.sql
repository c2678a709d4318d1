-- name: the assets of a project, newest first
-- why: the project page; scrolling asks for the next twenty
-- often: 30 a second
-- parameter project: assets.project_id
-- expect: index idx_asset_projectid_createdat
-- expect: at most 2 rows read per row
-- expect: no sort
-- expect: at most 60 shared buffers
-- expect: growth at most logarithmic

select id, name, type, file_path, mime_type, created_at
from assets
where project_id = :project
order by created_at desc
limit 20;
