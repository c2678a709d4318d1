-- name: the workflow behind a web hook
-- why: every call from outside
-- often: 20 a second
-- parameter token: workflow_webhooks."webhookToken"
-- expect: index "workflow_webhooks_webhookToken_idx" or "workflow_webhooks_webhookToken_key"
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers

select id, "workflowId", "isActive"
from workflow_webhooks
where "webhookToken" = :token;
