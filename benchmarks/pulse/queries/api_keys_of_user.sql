-- name: a user's API keys that are active
-- why: the developer page
-- often: 1 a second
-- parameter user: api_keys."userId"
-- expect: index "api_keys_userId_isActive_idx"
-- expect: at most 1 row read per row

select id, name, "keyPrefix", "lastUsedAt"
from api_keys
where "userId" = :user and "isActive";
