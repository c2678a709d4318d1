-- Give users a place for their interface settings. A nullable column without a default changes the
-- catalog only: ACCESS EXCLUSIVE on users, for an instant.

SET LOCAL lock_timeout = '5s';

ALTER TABLE users ADD COLUMN ui_settings jsonb;
