-- name: a team's default brand kit
-- why: each new project in a team's workbench takes it
-- often: 2 a second
-- parameter team: select team_id from brand_kits where is_default and team_id is not null
--   order by team_id limit 1
-- parameter team absent: '00000000-0000-4000-8000-00000000dead'
-- expect: index idx_brandkit_teamid_default_unique
-- expect: at most 1 row read per row
-- expect: at most 6 shared buffers

select id, name
from brand_kits
where team_id = :team and is_default;
