-- name: take credits from a balance
-- why: every generation; the row is locked until it commits
-- often: 50 a second
-- parameter user: users.id
-- expect: index pk_users
-- expect: at most 1 row read per row
-- expect: at most 60 shared buffers
-- expect: growth at most logarithmic

update users
set credit_balance = credit_balance - least(credit_balance, 1)
where id = :user;
