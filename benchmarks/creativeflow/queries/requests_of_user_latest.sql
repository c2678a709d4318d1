-- name: a user's latest generation requests
-- why: the activity page
-- often: 5 a second
-- parameter user: generation_requests.user_id
-- expect: index idx_generationrequest_userid
-- expect heaviest: index idx_generationrequest_userid or idx_generation_requests_created_at
-- expect: no sequential scan
-- expect: growth at most linear

select id, status, input_prompt, created_at
from generation_requests
where user_id = :user
order by created_at desc
limit 20;
