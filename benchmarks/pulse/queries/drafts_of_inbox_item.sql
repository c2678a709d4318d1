-- name: the drafts of an answer
-- why: opening a message waits for it
-- often: 10 a second
-- parameter item: relay_drafts."inboxItemId"
-- expect: index "relay_drafts_inboxItemId_idx" or "relay_drafts_inboxItemId_status_idx"
-- expect: at most 1 row read per row

select id, content, status, "confidenceScore"
from relay_drafts
where "inboxItemId" = :item;
