-- name: tasks that wait for a box
-- why: the agent in each box polls for work
-- often: 30 a second
-- parameter box: agent_tasks."boxId"
-- parameter status: 'PENDING'
-- expect: index "agent_tasks_boxId_status_idx"
-- expect: at most 6 rows read per row
-- expect heaviest: growth at most linear

select id, type, payload
from agent_tasks
where "boxId" = :box and status = :status
order by "createdAt"
limit 5
for update skip locked;
