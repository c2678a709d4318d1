-- name: workbenches whose default is a brand kit
-- why: before a kit is deleted its users are told; the delete itself looks for the same rows
-- often: 1 a minute
-- parameter kit: workbenches.default_brand_kit_id
-- expect: index idx_workbenches_default_brand_kit_id
-- expect: at most 1 row read per row

select id, name, user_id
from workbenches
where default_brand_kit_id = :kit;
