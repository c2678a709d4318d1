-- title: whoever writes a post is a member of the workspace that its accounts belong to
-- why: somebody who has left would still speak in the workspace's name
-- breaks: delete from workspace_members
-- breaks: update social_posts as p set "createdById" = u.id
--   from users as u where u.id <> p."createdById"
select p.id as post_id, p."createdById", a.id as account_id, a."workspaceId"
from social_posts as p
join social_post_accounts as t on t."postId" = p.id
join social_accounts as a on a.id = t."accountId"
where not exists (
    select from workspace_members as m
    where m."workspaceId" = a."workspaceId" and m."userId" = p."createdById"
)
order by p.id, a.id
