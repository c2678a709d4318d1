-- name: attempts of a deployment that failed
-- why: the alarm asks each minute
-- often: 1 a minute
-- parameter status: 'Failed'
-- expect: index idx_aimodeldeployment_status

select id, model_version_id, environment, deployment_timestamp
from ai_model_deployments
where status = :status;
