-- name: how many memberships have a role
-- why: teams are billed by their editors; the count must come from the index
-- often: 1 a minute
-- parameter role: select role from team_members group by 1 order by count(*), 1 limit 1
-- expect: index only idx_team_members_role
-- expect: growth at most linear

select count(*)
from team_members
where role = :role;
