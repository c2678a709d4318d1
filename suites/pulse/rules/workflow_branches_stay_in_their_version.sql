-- title: a step hangs below a step of its own version, and never below itself
-- why: a run would jump into another version, or never end
-- breaks: update workflow_steps as s set "workflowVersionId" = v.id
--   from workflow_versions as v, workflow_steps as p
--   where p.id = s."parentStepId" and v.id <> p."workflowVersionId"
-- breaks: update workflow_steps set "parentStepId" = id
select s.id as step_id, s."workflowVersionId", p.id as parent_id, p."workflowVersionId" as parent_of
from workflow_steps as s
join workflow_steps as p on p.id = s."parentStepId"
where p."workflowVersionId" <> s."workflowVersionId" or p.id = s.id
order by s.id
