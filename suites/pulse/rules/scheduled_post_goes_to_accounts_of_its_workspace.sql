-- title: a scheduled post goes to accounts of its own workspace only
-- why: one customer's words would appear under another customer's name
-- breaks: update scheduled_post_accounts as t set "accountId" = a.id
--   from scheduled_posts as p, social_accounts as a
--   where p.id = t."postId" and a."workspaceId" <> p."workspaceId"
-- breaks: update scheduled_posts as p set "workspaceId" = w.id
--   from workspaces as w where w.id <> p."workspaceId"
select t.id as target_id, p.id as post_id, p."workspaceId", a.id as account_id, a."workspaceId"
from scheduled_post_accounts as t
join scheduled_posts as p on p.id = t."postId"
join social_accounts as a on a.id = t."accountId"
where a."workspaceId" <> p."workspaceId"
order by t.id
