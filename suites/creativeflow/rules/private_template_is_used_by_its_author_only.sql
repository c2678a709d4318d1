-- title: a private template is used in its author's projects only
-- why: its content is copied into the project, so a stranger would have it
-- breaks: update templates as t set is_public = false, user_id = u.id
--   from users as u where u.id <> t.user_id
select p.id as project_id, p.user_id as project_owner, t.id as template_id, t.user_id as author
from projects as p
join templates as t on t.id = p.template_id
where not t.is_public
  and t.user_id <> p.user_id
order by p.id
