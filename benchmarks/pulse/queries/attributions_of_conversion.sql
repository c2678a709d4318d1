-- name: what a conversion is owed to
-- why: the report of campaigns
-- often: 1 a second
-- parameter conversion: campaign_attributions."conversionId"
-- expect: index "campaign_attributions_conversionId_idx"
-- expect: at most 1 row read per row

select id, "attributionType", platform, "conversionValue"
from campaign_attributions
where "conversionId" = :conversion;
