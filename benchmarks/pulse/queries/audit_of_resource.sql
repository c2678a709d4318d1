-- name: what was done to a thing
-- why: the history of anything, for support and auditors
-- often: 1 a second
-- parameter resource: audit_logs."resourceId"
-- expect: index "audit_logs_resourceId_resourceType_idx"
-- expect: at most 1 row read per row

select id, action, "userId", "createdAt"
from audit_logs
where "resourceId" = :resource;
