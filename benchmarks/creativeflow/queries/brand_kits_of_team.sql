-- name: a team's brand kits
-- why: the editor's side bar in a team's workbench
-- often: 5 a second
-- parameter team: brand_kits.team_id
-- expect: index idx_brandkit_teamid
-- expect: at most 1 row read per row

select id, name, colors, is_default
from brand_kits
where team_id = :team;
