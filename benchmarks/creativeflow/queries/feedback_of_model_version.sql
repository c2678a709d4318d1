-- name: how users rate a release of a model
-- why: the quality page, and the rule that takes a bad release back
-- often: 1 a minute
-- parameter version: ai_model_feedbacks.model_version_id
-- expect: index idx_aimodelfeedback_modelversionid
-- expect: growth at most linear

select count(*), avg(rating)
from ai_model_feedbacks
where model_version_id = :version;
