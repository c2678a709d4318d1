-- title: attachments and code belong to messages of the same app
-- why: a picture or code of one user's app would show up in another's
-- breaks: update app_attachments as t set "imageId" = i.id
--   from app_messages as m, app_images as i where m.id = t."messageId" and i."appId" <> m."appId"
-- breaks: update app_code_versions as v set "appId" = a.id
--   from apps as a where a.id <> v."appId"
select 'attachment' as part, t.id, m."appId", i."appId" as other_app_id
from app_attachments as t
join app_messages as m on m.id = t."messageId"
join app_images as i on i.id = t."imageId"
where i."appId" <> m."appId"
union all
select 'code', v.id, m."appId", v."appId"
from app_code_versions as v
join app_messages as m on m.id = v."messageId"
where v."appId" <> m."appId"
order by part, id
