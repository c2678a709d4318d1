-- name: the apps of a user
-- why: the first page after signing in
-- often: 20 a second
-- parameter user: apps."userId"
-- expect: index "apps_userId_idx"
-- expect: at most 3 rows read per row

select id, name, slug, status
from apps
where "userId" = :user and "deletedAt" is null;
