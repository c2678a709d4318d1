-- title: each token transaction carries the balance of all up to it
-- why: the ledger is read from its last line; a wrong carry hides what happened before it
-- breaks: update token_transactions set "balanceAfter" = "balanceAfter" + 1
-- breaks: insert into token_transactions (id, "userId", amount, type, "balanceAfter", "createdAt")
--   select 'later ' || id, "userId", 5, 'EARN_BONUS', "balanceAfter", 'infinity'
--   from token_transactions
select t.id as transaction_id, t."userId", t."balanceAfter", t.running
from (
    select
        id, "userId", "balanceAfter",
        sum(amount) over (partition by "userId" order by "createdAt", id) as running
    from token_transactions
) as t
where t."balanceAfter" <> t.running
order by t."userId", t.id
