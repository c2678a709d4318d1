-- title: folders, files, tags and the posts that use them belong to one workspace
-- why: a file in a foreign folder or post is a leak between customers
-- breaks: update assets as a set "folderId" = f.id
--   from asset_folders as f where f."workspaceId" <> a."workspaceId"
-- breaks: update asset_folders as f set "parentId" = p.id
--   from asset_folders as p where p."workspaceId" <> f."workspaceId"
-- breaks: update asset_tags as t set "workspaceId" = w.id
--   from workspaces as w where w.id <> t."workspaceId"
-- breaks: update scheduled_post_assets as u set "assetId" = a.id
--   from scheduled_posts as p, assets as a
--   where p.id = u."postId" and a."workspaceId" <> p."workspaceId"
-- breaks: update post_assets as u set "assetId" = a.id
--   from social_post_accounts as t, social_accounts as s, assets as a
--   where t."postId" = u."postId" and s.id = t."accountId" and a."workspaceId" <> s."workspaceId"
select 'asset in folder' as what, a.id, a."workspaceId", f."workspaceId" as other_workspace_id
from assets as a
join asset_folders as f on f.id = a."folderId"
where f."workspaceId" <> a."workspaceId"
union all
select 'folder in folder', f.id, f."workspaceId", p."workspaceId"
from asset_folders as f
join asset_folders as p on p.id = f."parentId"
where p."workspaceId" <> f."workspaceId"
union all
select 'tag on asset', a.id, a."workspaceId", t."workspaceId"
from asset_tag_assignments as g
join assets as a on a.id = g."assetId"
join asset_tags as t on t.id = g."tagId"
where t."workspaceId" <> a."workspaceId"
union all
select 'asset in scheduled post', a.id, a."workspaceId", p."workspaceId"
from scheduled_post_assets as u
join assets as a on a.id = u."assetId"
join scheduled_posts as p on p.id = u."postId"
where p."workspaceId" <> a."workspaceId"
union all
select 'asset in post', a.id, a."workspaceId", s."workspaceId"
from post_assets as u
join assets as a on a.id = u."assetId"
join social_post_accounts as t on t."postId" = u."postId"
join social_accounts as s on s.id = t."accountId"
where s."workspaceId" <> a."workspaceId"
order by what, id
