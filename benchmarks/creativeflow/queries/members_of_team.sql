-- name: the members of a team
-- why: the team page
-- often: 2 a second
-- parameter team: team_members.team_id
-- expect: index uq_team_members_team_id_user_id
-- expect: joins by nested loop, hash

select u.id, u.full_name, m.role
from team_members as m
join users as u on u.id = m.user_id
where m.team_id = :team;
