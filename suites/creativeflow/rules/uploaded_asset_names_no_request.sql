-- title: an uploaded asset was not made by a request
-- why: what users upload is free; as the output of a request it would be counted as generated
-- breaks: update assets set type = 'Uploaded' where generation_request_id is not null
select a.id as asset_id, a.generation_request_id
from assets as a
where a.type = 'Uploaded'
  and a.generation_request_id is not null
order by a.id
