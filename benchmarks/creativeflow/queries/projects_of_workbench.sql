-- name: the projects of a workbench
-- why: opening a workbench waits for it
-- often: 15 a second
-- parameter workbench: projects.workbench_id
-- expect: index idx_projects_workbench_id_user_id
-- expect: at most 1 row read per row
-- expect: no sequential scan

select id, name, target_platform, updated_at
from projects
where workbench_id = :workbench
order by updated_at desc;
