-- name: the generation requests of a project
-- why: the project's history
-- often: 5 a second
-- parameter project: generation_requests.project_id
-- expect: index idx_generationrequest_projectid
-- expect: at most 1 row read per row

select id, status, created_at
from generation_requests
where project_id = :project
order by created_at desc;
