-- name: what a generation request was charged
-- why: support looks at it, and deleting a request looks for the same rows
-- often: 1 a minute
-- parameter request: credit_transactions.generation_request_id
-- expect: index idx_credittransaction_generationrequestid
-- expect: at most 1 row read per row

select id, amount, action_type, created_at
from credit_transactions
where generation_request_id = :request;
