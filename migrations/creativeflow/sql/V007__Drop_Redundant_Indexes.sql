-- Drop the indexes that another index of the same table makes redundant. The pages and sizes
-- measured are in revision 0007 of the Alembic migrations.
--
-- DROP INDEX changes the catalog only: ACCESS EXCLUSIVE on each table for an instant, all in one
-- transaction, which CONCURRENTLY would not give.

SET LOCAL lock_timeout = '5s';

-- The one that V004 built takes the place of the old one.
DROP INDEX idx_notification_userid_isread_unread;
ALTER INDEX idx_notification_userid_isread_unread_new
    RENAME TO idx_notification_userid_isread_unread;

-- Beginnings of (asset_id, version_number) and (project_id, version_number).
DROP INDEX idx_assetversion_assetid;
DROP INDEX idx_assetversion_projectid;

-- Beginnings of the unique keys (model_id, version_number) and (team_id, user_id).
DROP INDEX idx_aimodelversion_modelid;
DROP INDEX idx_teammember_teamid;

-- user_id alone is unique.
DROP INDEX idx_subscription_userid_status;
DROP INDEX idx_subscription_userid_currentperiodend;

-- Beginning of (workbench_id, user_id).
DROP INDEX idx_project_workbenchid;
