-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE notifications (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    type VARCHAR(50) NOT NULL,
    message TEXT NOT NULL,
    metadata JSONB,
    is_read BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_notifications PRIMARY KEY (id, created_at),
    CONSTRAINT fk_notifications_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
) PARTITION BY RANGE (created_at);

CREATE TABLE notifications_default PARTITION OF notifications DEFAULT;

COMMENT ON TABLE notifications
    IS 'Messages of the system to users, partitioned by month of created_at.';
COMMENT ON COLUMN notifications.id
    IS 'Surrogate key; the primary key only together with created_at.';
COMMENT ON COLUMN notifications.user_id IS 'Who is told.';
COMMENT ON COLUMN notifications.type IS 'Kind of message, decides how it looks.';
COMMENT ON COLUMN notifications.message IS 'Text as the user reads it. [personal]';
COMMENT ON COLUMN notifications.metadata IS 'What the interface needs besides the text, free form.';
COMMENT ON COLUMN notifications.is_read IS 'Whether the user has seen it.';
COMMENT ON COLUMN notifications.created_at
    IS 'When the message was made, UTC; decides the partition.';
COMMENT ON COLUMN notifications.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
