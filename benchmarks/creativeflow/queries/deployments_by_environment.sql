-- name: what runs in an environment
-- why: the operators' first page
-- often: 1 a minute
-- parameter environment: select environment from ai_model_deployments
--   group by 1 order by count(*), 1 limit 1
-- expect: index idx_ai_model_deployments_environment

select model_version_id, status, deployment_timestamp
from ai_model_deployments
where environment = :environment
order by deployment_timestamp desc;
