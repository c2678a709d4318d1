-- title: no app was forked from itself, nor from a fork of its own
-- why: whoever looks for the original never gets there
-- breaks: update apps set "forkedFrom" = id
-- breaks: update apps as a set "forkedFrom" = b.id from apps as b
--   where b.id <> a.id and (select count(*) from apps) = 2
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
