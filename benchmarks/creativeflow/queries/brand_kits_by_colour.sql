-- name: the brand kits with a colour
-- why: the import of a logo looks for kits that fit
-- often: 1 a second
-- parameter colour: select jsonb_build_array(colour) from brand_kits,
--   jsonb_array_elements(colors) as colour group by colour order by count(*), colour limit 1
-- parameter colour absent: '[{"hex": "#0BADF0"}]'
-- expect: index idx_brandkit_colors_gin
-- expect: no sequential scan
-- expect absent: at most 3 shared buffers

select id, name
from brand_kits
where colors @> :colour;
