-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_notification_userid_isread_createdat
    ON notifications (user_id, is_read, created_at);
CREATE INDEX idx_notification_userid_isread_unread ON notifications (user_id) WHERE is_read = false;
CREATE INDEX idx_notifications_created_at ON notifications (created_at);
