-- title: a project's owner is its workbench's owner
-- why: reads trust projects.user_id without joining; another owner there shows work to a stranger
-- breaks: update projects as p set user_id = u.id from users as u where u.id <> p.user_id
select p.id as project_id, p.user_id as project_owner, w.user_id as workbench_owner
from projects as p
join workbenches as w on w.id = p.workbench_id
where p.user_id <> w.user_id
order by p.id
