-- title: a budget change is what lies between the budgets before and after
-- why: daily limits and roll-backs are computed from it
-- breaks: update allocator_autopilot_executions set "budgetChange" = "budgetChange" + 1
-- breaks: update allocator_autopilot_executions set "newBudget" = "newBudget" - 1
select e.id as execution_id, e."previousBudget", e."newBudget", e."budgetChange"
from allocator_autopilot_executions as e
where e."budgetChange" <> e."newBudget" - e."previousBudget"
order by e.id
