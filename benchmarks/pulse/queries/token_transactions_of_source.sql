-- name: what one job was charged
-- why: a refund looks it up, so that none is given twice
-- often: 2 a second
-- parameter source: token_transactions."sourceId"
-- expect: index "token_transactions_sourceId_idx"
-- expect: at most 1 row read per row

select id, amount, type
from token_transactions
where "sourceId" = :source;
