-- name: the latest assets of the rarest type
-- why: the page of derived works
-- often: 1 a second
-- parameter type: select type from assets group by 1 order by count(*), 1 limit 1
-- expect: index idx_asset_type
-- expect: growth at most linear

select count(*)
from assets
where type = :type;
