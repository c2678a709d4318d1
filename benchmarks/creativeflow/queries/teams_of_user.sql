-- name: the teams of a user, with the role
-- why: every page with the team switcher
-- often: 20 a second
-- parameter user: team_members.user_id
-- expect: index idx_teammember_userid_role
-- expect: joins by nested loop
-- expect: at most 2 rows read per row

select t.id, t.name, m.role
from team_members as m
join teams as t on t.id = m.team_id
where m.user_id = :user;
