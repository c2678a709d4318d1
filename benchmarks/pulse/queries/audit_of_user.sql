-- name: what a user has done
-- why: support, and the answer to a request for one's data
-- often: 1 a minute
-- parameter user: audit_logs."userId"
-- expect: index "audit_logs_userId_idx"
-- expect: growth at most linear

select count(*)
from audit_logs
where "userId" = :user;
