-- name: how many versions a user has made
-- why: a user who leaves a team is asked about them; deleting the account looks for the same rows
-- often: 1 an hour
-- parameter user: asset_versions.created_by_user_id
-- expect: index idx_asset_versions_created_by_user_id
-- expect: growth at most linear

select count(*)
from asset_versions
where created_by_user_id = :user;
