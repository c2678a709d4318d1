-- name: record one action of a user
-- why: every generation, upload and call writes it; each index of the table has its share
-- often: 100 a second
-- parameter user typical: usage_logs.user_id
-- parameter user heaviest: usage_logs.user_id
-- parameter at: select max("timestamp") from usage_logs
-- expect: at most 60 shared buffers
-- expect: growth at most logarithmic

insert into usage_logs (user_id, action_type, "timestamp", credits_cost)
values (:user, 'generation', :at, 1);
