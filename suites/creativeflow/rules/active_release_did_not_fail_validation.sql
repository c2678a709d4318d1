-- title: a release that is validated or active did not fail its validation
-- why: the status is set by hand or by a pipeline; this is the only place that compares the two
-- breaks: with failed as (
--       update ai_model_validation_results set functional_status = 'Failed'
--       returning model_version_id
--   )
--   update ai_model_versions set status = 'Active' where id in (select model_version_id from failed)
-- breaks: with failed as (
--       update ai_model_validation_results set security_scan_status = 'Failed'
--       returning model_version_id
--   )
--   update ai_model_versions set status = 'Validated' where id in (select model_version_id from failed)
select v.id as model_version_id, v.status, r.security_scan_status, r.functional_status
from ai_model_versions as v
join ai_model_validation_results as r on r.model_version_id = v.id
where v.status in ('Validated', 'Active')
  and 'Failed' in (r.security_scan_status, r.functional_status)
order by v.id
