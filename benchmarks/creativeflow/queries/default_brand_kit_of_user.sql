-- name: a user's own default brand kit
-- why: each new project takes it
-- often: 5 a second
-- parameter user: select user_id from brand_kits where is_default and team_id is null
--   order by user_id limit 1
-- parameter user absent: '00000000-0000-4000-8000-00000000dead'
-- expect: index idx_brandkit_userid_default_unique
-- expect: at most 1 row read per row
-- expect: at most 6 shared buffers

select id, name
from brand_kits
where user_id = :user and is_default and team_id is null;
