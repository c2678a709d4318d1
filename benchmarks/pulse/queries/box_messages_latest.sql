-- name: the latest messages of a box
-- why: the terminal page of a box polls them
-- often: 20 a second
-- parameter box: box_messages."boxId"
-- expect: index "box_messages_boxId_createdAt_idx"
-- expect: at most 2 rows read per row
-- expect: no sort
-- expect: growth at most logarithmic

select id, role, content, "createdAt"
from box_messages
where "boxId" = :box
order by "createdAt" desc
limit 50;
