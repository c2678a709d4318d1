-- name: the albums of a user, the newest first
-- why: the gallery page
-- often: 10 a second
-- parameter user: albums."userId"
-- expect: index "albums_userId_createdAt_idx"
-- expect: at most 2 rows read per row

select id, name, privacy, "createdAt"
from albums
where "userId" = :user
order by "createdAt" desc
limit 30;
