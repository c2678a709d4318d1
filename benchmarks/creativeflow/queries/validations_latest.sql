-- name: the latest validations
-- why: the quality page
-- often: 1 a minute
-- parameter since: select max(validation_timestamp) - interval '7 days' from ai_model_validation_results
-- expect: index idx_aimodelvalidationresult_timestamp

select id, model_version_id, functional_status, security_scan_status
from ai_model_validation_results
where validation_timestamp > :since
order by validation_timestamp desc
limit 50;
