-- title: a workspace has no more seats and uses no more credits than its plan allows
-- why: what is over the limit is not paid for
-- breaks: update workspaces set "maxTeamMembers" = 0
-- breaks: update workspaces set "usedAiCredits" = "monthlyAiCredits" + 1
select w.id as workspace_id, w."maxTeamMembers", m.seats, w."monthlyAiCredits", w."usedAiCredits"
from workspaces as w
left join (
    select s."workspaceId", count(*) as seats from workspace_members as s group by s."workspaceId"
) as m on m."workspaceId" = w.id
where m.seats > w."maxTeamMembers" or w."usedAiCredits" > w."monthlyAiCredits"
order by w.id
