-- name: the assets that one request made
-- why: the result page of a generation
-- often: 10 a second
-- parameter request: assets.generation_request_id
-- expect: index idx_asset_generationrequestid
-- expect: at most 1 row read per row
-- expect: at most 30 shared buffers

select id, name, file_path, is_final
from assets
where generation_request_id = :request;
