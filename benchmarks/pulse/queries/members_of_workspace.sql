-- name: the members of a workspace
-- why: every page of a workspace asks who may see it
-- often: 50 a second
-- parameter workspace: workspace_members."workspaceId"
-- expect: index "workspace_members_workspaceId_idx" or "workspace_members_workspaceId_userId_key"
-- expect: at most 1 row read per row

select id, "userId", role
from workspace_members
where "workspaceId" = :workspace;
