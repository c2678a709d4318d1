-- name: accounts marked as deleted long enough ago to be purged
-- why: the law gives a month; the job must find the few without reading all accounts
-- often: 1 an hour
-- parameter before: select max(deleted_at) - interval '30 days' from users
-- expect: index idx_user_deletedat
-- expect: at most 1 row read per row

select id, deleted_at
from users
where deleted_at is not null and deleted_at < :before
order by deleted_at
limit 100;
