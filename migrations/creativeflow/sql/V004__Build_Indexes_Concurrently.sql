-- Build the indexes that the next files need: two for tying projects to their workbench's owner
-- (V005), and the one of unread notifications anew (V007), without is_read in its key, which never
-- varies in an index of unread rows.
--
-- CONCURRENTLY, hence nothing else in this file, and no transaction around it: readers and writers
-- go on. An attempt that broke off leaves an invalid index behind; it is dropped first, so that the
-- file can simply be run again.

DROP INDEX CONCURRENTLY IF EXISTS uq_workbenches_id_user_id;
CREATE UNIQUE INDEX CONCURRENTLY uq_workbenches_id_user_id ON workbenches (id, user_id);

DROP INDEX CONCURRENTLY IF EXISTS idx_projects_workbench_id_user_id;
CREATE INDEX CONCURRENTLY idx_projects_workbench_id_user_id ON projects (workbench_id, user_id);

DROP INDEX CONCURRENTLY IF EXISTS idx_notification_userid_isread_unread_new;
CREATE INDEX CONCURRENTLY idx_notification_userid_isread_unread_new
    ON notifications (user_id) WHERE is_read = false;
