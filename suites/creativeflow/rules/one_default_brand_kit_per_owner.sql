-- title: a user has at most one default brand kit, and so has a team
-- why: new work takes "the" default kit; with two of them it depends on the plan which one
-- breaks: insert into brand_kits (user_id, name, colors, fonts, is_default)
--   select id, 'one of two', '[]', '[]', true from users, generate_series(1, 2)
-- breaks: insert into brand_kits (user_id, team_id, name, colors, fonts, is_default)
--   select owner_id, id, 'one of two', '[]', '[]', true from teams, generate_series(1, 2)
select k.team_id, case when k.team_id is null then k.user_id end as user_id, count(*) as defaults
from brand_kits as k
where k.is_default
group by k.team_id, case when k.team_id is null then k.user_id end
having count(*) > 1
order by k.team_id, user_id
