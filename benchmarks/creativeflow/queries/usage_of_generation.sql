-- name: the log of one generation request
-- why: support looks at it, and deleting a request looks for the same rows
-- often: 1 a minute
-- parameter request: usage_logs.generation_request_id
-- expect: index idx_usagelog_generationrequestid
-- expect: at most 1 row read per row

select "timestamp", action_type, details
from usage_logs
where generation_request_id = :request
order by "timestamp";
