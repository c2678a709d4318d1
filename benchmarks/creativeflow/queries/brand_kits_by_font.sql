-- name: the brand kits with a font
-- why: a font whose licence ends is looked for everywhere
-- often: 10 a day
-- parameter font: select jsonb_build_array(font) from brand_kits,
--   jsonb_array_elements(fonts) as font group by font order by count(*), font limit 1
-- parameter font absent: '[{"name": "No Such Sans"}]'
-- expect: index idx_brandkit_fonts_gin
-- expect: no sequential scan

select id, name
from brand_kits
where fonts @> :font;
