-- title: a result marked as selected is the sample that its request names
-- why: the choice is stored twice, and each place is read by somebody
-- breaks: with cleared as (
--       update generation_requests set selected_sample_id = null returning id
--   )
--   update generation_results set is_selected = true
--   where generation_request_id in (select id from cleared)
select r.id as generation_result_id, r.asset_id, q.selected_sample_id
from generation_results as r
join generation_requests as q on q.id = r.generation_request_id
where r.is_selected
  and q.selected_sample_id is distinct from r.asset_id
order by r.id
