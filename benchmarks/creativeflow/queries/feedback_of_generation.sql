-- name: the feedback on a generation request
-- why: shown beside the result; deleting a request looks for the same rows
-- often: 5 a second
-- parameter request: ai_model_feedbacks.generation_request_id
-- expect: index idx_aimodelfeedback_generationrequestid
-- expect: at most 1 row read per row

select rating, comment
from ai_model_feedbacks
where generation_request_id = :request;
