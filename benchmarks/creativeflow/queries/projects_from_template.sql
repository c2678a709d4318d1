-- name: how many projects were made from a template
-- why: the gallery shows the number beside each template
-- often: 2 a second
-- parameter template: projects.template_id
-- expect: index idx_projects_template_id
-- expect: growth at most linear

select count(*)
from projects
where template_id = :template;
