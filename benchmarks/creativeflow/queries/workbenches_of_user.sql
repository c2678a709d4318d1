-- name: a user's workbenches
-- why: the first page after signing in
-- often: 20 a second
-- parameter user: workbenches.user_id
-- plans: custom, generic
-- expect: index idx_workbench_userid
-- expect: at most 1 row read per row
-- expect: growth at most logarithmic

select id, name, default_brand_kit_id, updated_at
from workbenches
where user_id = :user
order by updated_at desc;
