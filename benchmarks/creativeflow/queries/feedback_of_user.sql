-- name: a user's feedback
-- why: the answer to a request for one's data, and the delete of an account
-- often: 10 a day
-- parameter user: ai_model_feedbacks.user_id
-- expect: index idx_aimodelfeedback_userid
-- expect: at most 1 row read per row

select rating, comment, feedback_timestamp
from ai_model_feedbacks
where user_id = :user;
