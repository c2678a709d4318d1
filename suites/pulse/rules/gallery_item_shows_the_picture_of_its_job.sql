-- title: a gallery item that names a picture and a job shows the picture that the job enhanced
-- why: before and after would be of two pictures
-- breaks: update featured_gallery_items as g set "sourceImageId" = i.id, "sourceJobId" = j.id
--   from enhanced_images as i, image_enhancement_jobs as j where j."imageId" <> i.id
select g.id as item_id, g."sourceImageId", j.id as job_id, j."imageId" as image_of_job
from featured_gallery_items as g
join image_enhancement_jobs as j on j.id = g."sourceJobId"
where j."imageId" <> g."sourceImageId"
order by g.id
