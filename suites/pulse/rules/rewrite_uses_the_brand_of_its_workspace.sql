-- title: a text is rewritten in the tone of its own workspace's brand
-- why: another brand's vocabulary would come out under this one's name
-- breaks: update content_rewrites as r set "brandProfileId" = b.id
--   from brand_profiles as b where b."workspaceId" <> r."workspaceId"
select r.id as rewrite_id, r."workspaceId", b.id as brand_profile_id, b."workspaceId" as brand_of
from content_rewrites as r
join brand_profiles as b on b.id = r."brandProfileId"
where b."workspaceId" <> r."workspaceId"
order by r.id
