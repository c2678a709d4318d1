-- name: accounts of the smallest paying tier
-- why: the account managers' page lists them, and there are few
-- often: 1 a minute
-- parameter tier: select subscription_tier from users group by 1 order by count(*), 1 limit 1
-- expect: index idx_user_subscriptiontier
-- expect: at most 1 row read per row
-- expect: estimates within 3 times

select id, email, credit_balance, last_login_at
from users
where subscription_tier = :tier;
