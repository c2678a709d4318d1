-- name: the albums that hold an image
-- why: before an image is deleted; the delete looks for the same rows
-- often: 1 a second
-- parameter image: album_images."imageId"
-- expect: index "album_images_imageId_idx"
-- expect: at most 1 row read per row

select id, "albumId"
from album_images
where "imageId" = :image;
