-- name: the teams that a user owns
-- why: an account cannot be closed while it owns one; the same look-up guards the delete
-- often: 1 a minute
-- parameter user: teams.owner_id
-- expect: index idx_team_ownerid
-- expect: at most 1 row read per row

select id, name
from teams
where owner_id = :user;
