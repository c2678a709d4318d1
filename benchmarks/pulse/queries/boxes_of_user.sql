-- name: the boxes of a user, the newest first
-- why: the first page of that product
-- often: 10 a second
-- parameter user: boxes."userId"
-- expect: index "boxes_userId_createdAt_idx"
-- expect: at most 6 rows read per row

select id, name, status, "createdAt"
from boxes
where "userId" = :user and "deletedAt" is null
order by "createdAt" desc;
