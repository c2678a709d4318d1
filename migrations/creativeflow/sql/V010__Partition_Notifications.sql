-- Partition notifications by month, as V009 did with credit_transactions; the trigger that keeps
-- updated_at moves along.

SET LOCAL lock_timeout = '5s';

LOCK TABLE notifications IN ACCESS EXCLUSIVE MODE;
ALTER TABLE notifications RENAME TO notifications_old;

CREATE TABLE notifications
    (LIKE notifications_old INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY)
    PARTITION BY RANGE (created_at);

-- The fixed first span; create_month_partitions() goes on from there.
CREATE TABLE notifications_2026_11 PARTITION OF notifications
    FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
CREATE TABLE notifications_2026_12 PARTITION OF notifications
    FOR VALUES FROM ('2026-12-01') TO ('2027-01-01');
CREATE TABLE notifications_2027_01 PARTITION OF notifications
    FOR VALUES FROM ('2027-01-01') TO ('2027-02-01');
CREATE TABLE notifications_2027_02 PARTITION OF notifications
    FOR VALUES FROM ('2027-02-01') TO ('2027-03-01');
CREATE TABLE notifications_2027_03 PARTITION OF notifications
    FOR VALUES FROM ('2027-03-01') TO ('2027-04-01');
CREATE TABLE notifications_2027_04 PARTITION OF notifications
    FOR VALUES FROM ('2027-04-01') TO ('2027-05-01');
CREATE TABLE notifications_default PARTITION OF notifications DEFAULT;

-- A month for every older or newer row. Times that no month can hold (infinite, before year 1) are
-- left to the default partition.
SELECT create_month_partition('notifications', month)
  FROM (SELECT DISTINCT date_trunc('month', created_at)::date AS month
          FROM notifications_old
         WHERE created_at >= '0001-01-01' AND created_at < 'infinity') AS months;

INSERT INTO notifications SELECT * FROM notifications_old;

-- Rights on the table and on its columns, in the words of whoever granted them.
DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT acl.grantee, acl.privilege_type, acl.is_grantable, '' AS columns
          FROM pg_class c, aclexplode(c.relacl) AS acl
         WHERE c.oid = 'notifications_old'::regclass
         UNION ALL
        SELECT acl.grantee, acl.privilege_type, acl.is_grantable, format(' (%I)', a.attname)
          FROM pg_attribute a, aclexplode(a.attacl) AS acl
         WHERE a.attrelid = 'notifications_old'::regclass AND NOT a.attisdropped
    LOOP
        EXECUTE format(
            'GRANT %s%s ON notifications TO %s%s',
            granted.privilege_type,
            granted.columns,
            CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE granted.grantee::regrole::text END,
            CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
END
$$;

DROP TABLE notifications_old;

ALTER TABLE notifications ADD CONSTRAINT pk_notifications PRIMARY KEY (id, created_at);
CREATE INDEX idx_notifications_created_at ON notifications (created_at);
CREATE INDEX idx_notification_userid_isread_createdat
    ON notifications (user_id, is_read, created_at);
CREATE INDEX idx_notification_userid_isread_unread
    ON notifications (user_id) WHERE is_read = false;
ALTER TABLE notifications ADD CONSTRAINT fk_notifications_user_id
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON notifications
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

ANALYZE notifications;
