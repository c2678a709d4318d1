-- title: a test's winner is one of its variants, and their shares make up no more than the whole
-- why: the winner has no foreign key; another test's variant would go live
-- breaks: update "AbTest" set "winnerVariantId" = 'nobody'
-- breaks: update "AbTestVariant" set "splitPercentage" = 101
-- breaks: delete from "AbTestVariant"
select t.id as test_id, t."winnerVariantId", sum(v."splitPercentage") as shares
from "AbTest" as t
left join "AbTestVariant" as v on v."abTestId" = t.id
group by t.id
having sum(v."splitPercentage") > 100
    or (t."winnerVariantId" is not null and not coalesce(bool_or(v.id = t."winnerVariantId"), false))
order by t.id
