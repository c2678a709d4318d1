-- name: a user's API clients
-- why: the developer page lists them, and a leaked key is looked for there
-- often: 1 a second
-- parameter user: api_clients.user_id
-- expect: index idx_apiclient_userid
-- expect: at most 1 row read per row

select id, name, is_active, created_at
from api_clients
where user_id = :user
order by created_at;
