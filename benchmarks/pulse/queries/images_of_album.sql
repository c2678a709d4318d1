-- name: the images of an album in their order
-- why: opening an album waits for it
-- often: 20 a second
-- parameter album: album_images."albumId"
-- expect: index "album_images_albumId_sortOrder_idx"
-- expect: at most 2 rows read per row
-- expect: no sort

select id, "imageId", "sortOrder"
from album_images
where "albumId" = :album
order by "sortOrder"
limit 100;
