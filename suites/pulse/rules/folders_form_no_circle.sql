-- title: no folder lies within itself
-- why: whoever walks up to the top never gets there
-- breaks: update asset_folders set "parentId" = id
with recursive above as (
    select f.id, f."parentId" as ancestor from asset_folders as f where f."parentId" is not null
    union
    select a.id, p."parentId"
    from above as a
    join asset_folders as p on p.id = a.ancestor
    where p."parentId" is not null
)
select a.id as folder_id
from above as a
where a.ancestor = a.id
order by a.id
