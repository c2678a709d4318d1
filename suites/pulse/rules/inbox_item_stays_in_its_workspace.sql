-- title: an inbox item's account, assignee and escalation belong to the item's workspace
-- why: a message to one customer would be read and answered by another
-- breaks: update inbox_items as i set "accountId" = a.id
--   from social_accounts as a where a."workspaceId" <> i."workspaceId"
-- breaks: update inbox_items as i set "assignedToId" = m.id
--   from workspace_members as m where m."workspaceId" <> i."workspaceId"
-- breaks: update inbox_items as i set "escalatedToId" = m.id
--   from workspace_members as m where m."workspaceId" <> i."workspaceId"
select i.id as inbox_item_id, i."workspaceId", 'account' as refers_to, a.id, a."workspaceId"
from inbox_items as i
join social_accounts as a on a.id = i."accountId"
where a."workspaceId" <> i."workspaceId"
union all
select i.id, i."workspaceId", 'member', m.id, m."workspaceId"
from inbox_items as i
join workspace_members as m on m.id in (i."assignedToId", i."escalatedToId")
where m."workspaceId" <> i."workspaceId"
order by inbox_item_id, refers_to
