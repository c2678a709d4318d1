-- name: the owner of an API key
-- why: every call of the API begins with it
-- often: 200 a second
-- parameter hash: api_keys."keyHash"
-- expect: index "api_keys_keyHash_idx" or "api_keys_keyHash_key"
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers
-- expect: growth at most logarithmic

select id, "userId", "isActive"
from api_keys
where "keyHash" = :hash;
