-- name: the social accounts of a workspace
-- why: composing a post offers them
-- often: 20 a second
-- parameter workspace: social_accounts."workspaceId"
-- expect: index "social_accounts_workspaceId_idx"
-- expect: at most 1 row read per row

select id, platform, "accountName", status
from social_accounts
where "workspaceId" = :workspace;
