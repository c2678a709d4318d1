-- title: a violation is of its check's workspace, and of a rule that holds there
-- why: content would be blocked by another customer's rule
-- breaks: update policy_violations as v set "workspaceId" = w.id
--   from workspaces as w where w.id <> v."workspaceId"
-- breaks: update policy_violations as v set "ruleId" = r.id
--   from policy_rules as r where r."workspaceId" <> v."workspaceId"
select v.id as violation_id, v."workspaceId", c."workspaceId" as check_of, r."workspaceId" as rule_of
from policy_violations as v
join policy_checks as c on c.id = v."checkId"
join policy_rules as r on r.id = v."ruleId"
where c."workspaceId" <> v."workspaceId" or r."workspaceId" <> v."workspaceId"
order by v.id
