-- name: a user's brand kits
-- why: the editor's side bar
-- often: 10 a second
-- parameter user: brand_kits.user_id
-- expect: index idx_brandkit_userid
-- expect: at most 1 row read per row

select id, name, colors, is_default
from brand_kits
where user_id = :user;
