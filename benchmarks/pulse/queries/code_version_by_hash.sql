-- name: a code version by its hash
-- why: each build looks whether it is there already
-- often: 5 a second
-- parameter hash: app_code_versions.hash
-- expect: index app_code_versions_hash_idx
-- expect: at most 1 row read per row

select id, "appId"
from app_code_versions
where hash = :hash;
