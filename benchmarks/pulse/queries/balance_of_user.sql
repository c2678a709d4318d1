-- name: a user's token balance
-- why: every generation asks
-- often: 50 a second
-- parameter user: user_token_balances."userId"
-- expect: index "user_token_balances_userId_idx" or "user_token_balances_userId_key"
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers

select balance, tier, "lastRegeneration"
from user_token_balances
where "userId" = :user;
