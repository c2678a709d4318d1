-- name: all projects of a user that are not deleted, the latest first
-- why: the list of all work; the heaviest users have hundreds
-- often: 10 a second
-- parameter user: projects.user_id
-- expect: index idx_project_userid
-- expect: at most 3 rows read per row
-- expect: growth at most logarithmic

select id, name, workbench_id, updated_at
from projects
where user_id = :user and deleted_at is null
order by updated_at desc
limit 50;
