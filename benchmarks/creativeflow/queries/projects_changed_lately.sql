-- name: projects changed since the last run of the indexer
-- why: the search index asks each minute what is new
-- often: 1 a minute
-- parameter since: select max(updated_at) - interval '1 hour' from projects
-- expect: index idx_project_updatedat
-- expect: at most 1 row read per row
-- expect: no sort

select id, name, updated_at
from projects
where updated_at > :since
order by updated_at
limit 1000;
