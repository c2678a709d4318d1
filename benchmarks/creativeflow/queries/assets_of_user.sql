-- name: how many assets a user has
-- why: the quota is checked before each upload
-- often: 5 a second
-- parameter user: assets.user_id
-- expect: index idx_asset_userid
-- expect: no sequential scan
-- expect: growth at most linear

select count(*)
from assets
where user_id = :user and deleted_at is null;
