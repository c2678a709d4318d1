-- name: generation requests that wait, the oldest first
-- why: the workers' queue: every worker asks, all the time
-- often: 50 a second
-- parameter status: 'Pending'
-- expect: index idx_generationrequest_status_createdat
-- expect: at most 2 rows read per row
-- expect: no sort
-- expect: at most 40 shared buffers
-- expect: growth at most logarithmic

select id, user_id, input_parameters
from generation_requests
where status = :status
order by created_at
limit 10
for update skip locked;
