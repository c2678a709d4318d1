-- name: a provider's models for a task
-- why: choosing a model for a generation
-- often: 20 a second
-- parameter provider: ai_models.provider
-- parameter task: select task_type from ai_models where provider = :provider order by task_type limit 1
-- parameter task absent: 'upscaling'
-- expect: index idx_aimodel_provider_tasktype

select id, name
from ai_models
where provider = :provider and task_type = :task and is_active;
