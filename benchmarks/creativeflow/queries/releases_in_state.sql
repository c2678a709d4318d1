-- name: the releases in a state
-- why: the pipeline looks for what is to be validated
-- often: 1 a minute
-- parameter status: 'Staged'
-- expect: index idx_aimodelversion_status

select id, model_id, version_number
from ai_model_versions
where status = :status;
