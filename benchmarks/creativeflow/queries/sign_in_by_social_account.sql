-- name: sign in with an account of another provider
-- why: every sign-in through a provider looks the account up by the provider's own id
-- often: 8 a second
-- parameter provider: select social_provider from users where social_provider is not null
--   order by social_provider_id limit 1
-- parameter account: select social_provider_id from users
--   where social_provider = :provider order by social_provider_id limit 1
-- parameter account absent: 'nobody'
-- expect: index idx_user_social_unique
-- expect: at most 1 row read per row
-- expect: at most 6 shared buffers

select id, email, deleted_at
from users
where social_provider = :provider and social_provider_id = :account;
