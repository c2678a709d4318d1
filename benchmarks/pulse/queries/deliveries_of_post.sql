-- name: where a post goes
-- why: the page of a post, and the publisher
-- often: 10 a second
-- parameter post: scheduled_post_accounts."postId"
-- expect: index "scheduled_post_accounts_postId_idx" or
--   "scheduled_post_accounts_postId_accountId_key"
-- expect: at most 1 row read per row

select id, "accountId", status
from scheduled_post_accounts
where "postId" = :post;
