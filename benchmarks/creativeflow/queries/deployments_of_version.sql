-- name: where a release runs
-- why: the release page, and the guard before a release is archived
-- often: 1 a minute
-- parameter version: ai_model_deployments.model_version_id
-- parameter environment: select environment from ai_model_deployments where model_version_id = :version
--   order by environment limit 1
-- parameter environment absent: 'Production'
-- expect: index idx_aimodeldeployment_versionid_env
-- expect: at most 1 row read per row

select id, status, deployment_timestamp
from ai_model_deployments
where model_version_id = :version and environment = :environment;
