-- name: posts whose time has come
-- why: the publisher asks each second
-- often: 1 a second
-- parameter now: select min("scheduledAt") + (max("scheduledAt") - min("scheduledAt")) / 200
--   from scheduled_posts
-- expect: index "scheduled_posts_scheduledAt_idx"
-- expect: at most 10 rows read per row

select id, "workspaceId", content
from scheduled_posts
where "scheduledAt" <= :now
order by "scheduledAt"
limit 50;
