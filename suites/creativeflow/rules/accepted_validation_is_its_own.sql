-- title: a release is accepted on a validation result of its own
-- why: with another release's result an unchecked model goes live
-- breaks: update ai_model_versions as v set validation_result_id = r.id
--   from ai_model_validation_results as r where r.model_version_id <> v.id
select v.id as model_version_id, r.id as validation_result_id, r.model_version_id as validated
from ai_model_versions as v
join ai_model_validation_results as r on r.id = v.validation_result_id
where r.model_version_id <> v.id
order by v.id
