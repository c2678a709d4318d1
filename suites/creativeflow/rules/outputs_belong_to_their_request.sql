-- title: what a request selected, finished or returned was not made by another request
-- why: an asset of somebody else's request would be shown, and billed, as this one's
-- breaks: update assets as a set generation_request_id = q.id
--   from generation_requests as q where q.id <> a.generation_request_id
-- breaks: update generation_results as r set generation_request_id = q.id
--   from generation_requests as q where q.id <> r.generation_request_id
select q.id as generation_request_id, a.id as asset_id, a.generation_request_id as made_by
from generation_requests as q
join generation_results as r on r.generation_request_id = q.id
join assets as a on a.id = r.asset_id
where a.generation_request_id <> q.id
union
select q.id, a.id, a.generation_request_id
from generation_requests as q
join assets as a on a.id in (q.selected_sample_id, q.final_asset_id)
where a.generation_request_id <> q.id
order by generation_request_id, asset_id
