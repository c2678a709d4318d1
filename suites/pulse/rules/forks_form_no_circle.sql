-- title: no app was forked from itself, nor from a fork of its own
-- why: whoever looks for the original never gets there
-- breaks: update apps set "forkedFrom" = id
-- breaks: update apps as a set "forkedFrom" = case when a.id = ends.low then ends.high else ends.low end
--   from (select min(id) as low, max(id) as high from apps) as ends
with recursive above as (
    select a.id, a."forkedFrom" as ancestor from apps as a where a."forkedFrom" is not null
    union
    select b.id, a."forkedFrom"
    from above as b
    join apps as a on a.id = b.ancestor
    where a."forkedFrom" is not null
)
select b.id as app_id
from above as b
where b.ancestor = b.id
order by b.id
