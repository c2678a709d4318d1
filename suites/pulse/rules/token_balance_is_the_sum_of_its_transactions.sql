-- title: a user's balance is the sum of their token transactions
-- why: tokens are money; a balance that nothing explains was lost or given away
-- breaks: update user_token_balances set balance = balance + 1
-- breaks: update token_transactions set amount = amount - 1
-- breaks: delete from token_transactions
-- breaks: delete from user_token_balances
select coalesce(b."userId", s."userId") as user_id, b.balance, s.total
from user_token_balances as b
full join (
    select t."userId", sum(t.amount) as total from token_transactions as t group by t."userId"
) as s on s."userId" = b."userId"
where coalesce(b.balance, 0) <> coalesce(s.total, 0)
order by user_id
