-- title: a health event is told to the workspace that its account belongs to
-- why: the column repeats what the account says, so that it can be read without a join
-- breaks: update account_health_events as e set "workspaceId" = w.id
--   from workspaces as w where w.id <> e."workspaceId"
-- breaks: update social_accounts as a set "workspaceId" = w.id
--   from workspaces as w where w.id <> a."workspaceId"
select e.id as event_id, e."workspaceId", a.id as account_id, a."workspaceId" as account_of
from account_health_events as e
join social_accounts as a on a.id = e."accountId"
where a."workspaceId" <> e."workspaceId"
order by e.id
