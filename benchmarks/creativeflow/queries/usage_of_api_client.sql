-- name: how often an API client has called
-- why: the developer page, and the limit of calls
-- often: 10 a second
-- parameter client: usage_logs.api_client_id
-- expect: index idx_usagelog_apiclientid
-- expect: growth at most linear

select count(*)
from usage_logs
where api_client_id = :client;
