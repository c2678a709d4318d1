-- title: a connection's tags and reminders belong to its workspace
-- why: reminders name their workspace without a foreign key; a stray one shows a foreign contact
-- breaks: update "_ConnectionToConnectionTag" as j set "B" = t.id
--   from connections as c, connection_tags as t
--   where c.id = j."A" and t."workspaceId" <> c."workspaceId"
-- breaks: update connection_reminders set "workspaceId" = 'nowhere'
select c.id as connection_id, 'tag' as part, t.id, t."workspaceId"
from connections as c
join "_ConnectionToConnectionTag" as j on j."A" = c.id
join connection_tags as t on t.id = j."B"
where t."workspaceId" <> c."workspaceId"
union all
select c.id, 'reminder', r.id, r."workspaceId"
from connections as c
join connection_reminders as r on r."connectionId" = c.id
where r."workspaceId" <> c."workspaceId"
order by connection_id, part, id
