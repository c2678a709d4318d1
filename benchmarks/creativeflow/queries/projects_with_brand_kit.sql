-- name: projects that override their brand kit with one
-- why: before a kit is deleted its users are told; the delete itself looks for the same rows
-- often: 1 a minute
-- parameter kit: projects.brand_kit_id
-- expect: index idx_projects_brand_kit_id
-- expect: at most 1 row read per row

select id, name
from projects
where brand_kit_id = :kit;
