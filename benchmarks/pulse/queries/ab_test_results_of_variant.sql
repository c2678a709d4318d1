-- name: how a variant does
-- why: the page of an experiment
-- often: 1 a minute
-- parameter variant: "AbTestResult"."abTestVariantId"
-- expect: index "AbTestResult_abTestVariantId_idx"
-- expect: no sequential scan
-- expect: growth at most linear

select count(*), count(*) filter (where converted)
from "AbTestResult"
where "abTestVariantId" = :variant;
