-- name: the words of a brand
-- why: each draft is written with them
-- often: 10 a second
-- parameter brand: brand_vocabulary."brandProfileId"
-- expect: index "brand_vocabulary_brandProfileId_idx" or
--   "brand_vocabulary_brandProfileId_isActive_idx" or "brand_vocabulary_brandProfileId_type_idx"
-- expect: at most 3 rows read per row

select term, replacement, type
from brand_vocabulary
where "brandProfileId" = :brand and "isActive";
