-- name: what a check of a post found
-- why: shown before a post is scheduled
-- often: 5 a second
-- parameter check: policy_violations."checkId"
-- expect: index "policy_violations_checkId_idx"
-- expect: at most 1 row read per row

select id, severity, message
from policy_violations
where "checkId" = :check;
