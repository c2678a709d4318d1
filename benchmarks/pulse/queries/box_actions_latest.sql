-- name: the latest actions of a box
-- why: the page of a box shows them
-- often: 5 a second
-- parameter box: box_actions."boxId"
-- expect: index "box_actions_boxId_createdAt_idx"
-- expect: at most 2 rows read per row
-- expect heaviest: at most 5 rows read per row
-- expect: no sort

select id, action, status, "createdAt"
from box_actions
where "boxId" = :box
order by "createdAt" desc
limit 20;
