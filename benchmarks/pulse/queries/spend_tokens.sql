-- name: take tokens from a balance
-- why: every generation; the row is locked until it commits
-- often: 50 a second
-- parameter user: user_token_balances."userId"
-- expect: index "user_token_balances_userId_idx" or "user_token_balances_userId_key"
-- expect: at most 1 row read per row
-- expect: at most 60 shared buffers

update user_token_balances
set balance = balance - least(balance, 1)
where "userId" = :user;
