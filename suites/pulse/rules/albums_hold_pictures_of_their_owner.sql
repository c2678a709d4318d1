-- title: albums and jobs hold pictures of their own user, and keys are used by their owner
-- why: a private picture would be seen, or paid for, by somebody else
-- breaks: update album_images as p set "imageId" = i.id
--   from albums as a, enhanced_images as i where a.id = p."albumId" and i."userId" <> a."userId"
-- breaks: update image_enhancement_jobs as j set "userId" = u.id
--   from users as u where u.id <> j."userId"
-- breaks: update mcp_generation_jobs as j set "apiKeyId" = k.id
--   from api_keys as k where k."userId" <> j."userId"
select 'album' as held_by, a.id, a."userId", i."userId" as owner_id
from albums as a
join album_images as p on p."albumId" = a.id
join enhanced_images as i on i.id = p."imageId"
where i."userId" <> a."userId"
union all
select 'job', j.id, j."userId", i."userId"
from image_enhancement_jobs as j
join enhanced_images as i on i.id = j."imageId"
where i."userId" <> j."userId"
union all
select 'program', j.id, j."userId", k."userId"
from mcp_generation_jobs as j
join api_keys as k on k.id = j."apiKeyId"
where k."userId" <> j."userId"
order by held_by, id
