-- name: the client and its owner behind an API key
-- why: every call of the API begins with it
-- often: 200 a second
-- parameter key: api_clients.api_key
-- plans: custom, generic
-- expect: index uq_apiclient_apikey
-- expect: at most 2 rows read per row
-- expect: at most 12 shared buffers
-- expect: joins by nested loop

select c.id, c.secret_hash, c.permissions, u.id as user_id, u.subscription_tier, u.credit_balance
from api_clients as c
join users as u on u.id = c.user_id
where c.api_key = :key and c.is_active;
