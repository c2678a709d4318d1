-- Partition credit_transactions by month.
--
-- A table cannot be turned into a partitioned one, so a new one takes its place, and every row
-- moves to the partition of its month; months outside the fixed span are created as the rows need
-- them. The table is locked until all of it is copied (about 0.4 s per 100,000 rows): off-peak. The
-- tables it refers to are locked at the end only, while the new foreign keys are checked.
--
-- The primary key has to take in the partition column, so an id may from now on stand twice, in
-- two months.

SET LOCAL lock_timeout = '5s';

LOCK TABLE credit_transactions IN ACCESS EXCLUSIVE MODE;
ALTER TABLE credit_transactions RENAME TO credit_transactions_old;

CREATE TABLE credit_transactions
    (LIKE credit_transactions_old INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY)
    PARTITION BY RANGE (created_at);

-- The fixed first span; create_month_partitions() goes on from there.
CREATE TABLE credit_transactions_2026_11 PARTITION OF credit_transactions
    FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
CREATE TABLE credit_transactions_2026_12 PARTITION OF credit_transactions
    FOR VALUES FROM ('2026-12-01') TO ('2027-01-01');
CREATE TABLE credit_transactions_2027_01 PARTITION OF credit_transactions
    FOR VALUES FROM ('2027-01-01') TO ('2027-02-01');
CREATE TABLE credit_transactions_2027_02 PARTITION OF credit_transactions
    FOR VALUES FROM ('2027-02-01') TO ('2027-03-01');
CREATE TABLE credit_transactions_2027_03 PARTITION OF credit_transactions
    FOR VALUES FROM ('2027-03-01') TO ('2027-04-01');
CREATE TABLE credit_transactions_2027_04 PARTITION OF credit_transactions
    FOR VALUES FROM ('2027-04-01') TO ('2027-05-01');
CREATE TABLE credit_transactions_default PARTITION OF credit_transactions DEFAULT;

-- A month for every older or newer row. Times that no month can hold (infinite, before year 1) are
-- left to the default partition.
SELECT create_month_partition('credit_transactions', month)
  FROM (SELECT DISTINCT date_trunc('month', created_at)::date AS month
          FROM credit_transactions_old
         WHERE created_at >= '0001-01-01' AND created_at < 'infinity') AS months;

INSERT INTO credit_transactions SELECT * FROM credit_transactions_old;

-- Rights on the table and on its columns, in the words of whoever granted them.
DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT acl.grantee, acl.privilege_type, acl.is_grantable, '' AS columns
          FROM pg_class c, aclexplode(c.relacl) AS acl
         WHERE c.oid = 'credit_transactions_old'::regclass
         UNION ALL
        SELECT acl.grantee, acl.privilege_type, acl.is_grantable, format(' (%I)', a.attname)
          FROM pg_attribute a, aclexplode(a.attacl) AS acl
         WHERE a.attrelid = 'credit_transactions_old'::regclass AND NOT a.attisdropped
    LOOP
        EXECUTE format(
            'GRANT %s%s ON credit_transactions TO %s%s',
            granted.privilege_type,
            granted.columns,
            CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE granted.grantee::regrole::text END,
            CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
END
$$;

DROP TABLE credit_transactions_old;

ALTER TABLE credit_transactions ADD CONSTRAINT pk_credit_transactions PRIMARY KEY (id, created_at);
CREATE INDEX idx_credit_transactions_created_at ON credit_transactions (created_at);
CREATE INDEX idx_credittransaction_actiontype ON credit_transactions (action_type);
CREATE INDEX idx_credittransaction_generationrequestid
    ON credit_transactions (generation_request_id);
CREATE INDEX idx_credittransaction_userid_createdat ON credit_transactions (user_id, created_at);
ALTER TABLE credit_transactions ADD CONSTRAINT fk_credit_transactions_user_id
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE credit_transactions ADD CONSTRAINT fk_credit_transactions_generation_request_id
    FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id)
    ON DELETE SET NULL ON UPDATE CASCADE;

ANALYZE credit_transactions;
