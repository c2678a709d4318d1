-- name: the files with a tag
-- why: filtering the library
-- often: 5 a second
-- parameter tag: asset_tag_assignments."tagId"
-- expect: index "asset_tag_assignments_tagId_idx"
-- expect: at most 1 row read per row

select "assetId"
from asset_tag_assignments
where "tagId" = :tag;
