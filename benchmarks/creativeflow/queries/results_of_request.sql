-- name: the results of a request
-- why: choosing among samples shows them
-- often: 10 a second
-- parameter request: generation_results.generation_request_id
-- expect: index idx_generation_results_generation_request_id
-- expect: at most 1 row read per row

select id, asset_id, resolution, is_selected
from generation_results
where generation_request_id = :request;
