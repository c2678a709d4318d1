-- name: generation requests of the last hour by state
-- why: the operators' page asks each ten seconds
-- often: 6 a minute
-- parameter since: select max(created_at) - interval '1 hour' from generation_requests
-- expect: index idx_generation_requests_created_at
-- expect: no sequential scan
-- expect: growth at most linear

select status, count(*)
from generation_requests
where created_at >= :since
group by status;
