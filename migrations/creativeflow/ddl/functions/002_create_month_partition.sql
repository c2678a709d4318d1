-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE FUNCTION create_month_partition(parent regclass, month date) RETURNS boolean
    LANGUAGE plpgsql
    SET lock_timeout = '5s'
AS $$
DECLARE
    first_day timestamp := date_trunc('month', month::timestamp);
    next_first_day timestamp := first_day + interval '1 month';
    parent_schema name;
    parent_name name;
    key_column name;
    fallback oid;
    partition_name text;
BEGIN
    -- One creator at a time. Readers and writers of the parent go on: ATTACH asks for no more.
    EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', parent);

    SELECT n.nspname, c.relname, a.attname, p.partdefid
      INTO parent_schema, parent_name, key_column, fallback
      FROM pg_partitioned_table p
      JOIN pg_class c ON c.oid = p.partrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
     WHERE p.partrelid = parent;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% is not a partitioned table', parent USING ERRCODE = 'wrong_object_type';
    END IF;

    IF EXISTS (
        SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = parent
           AND pg_get_expr(c.relpartbound, c.oid)
               = format('FOR VALUES FROM (%L) TO (%L)', first_day, next_first_day)
    ) THEN
        RETURN false;
    END IF;

    -- A row of this month that reached the default partition now would make ATTACH fail.
    IF fallback <> 0 THEN
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', fallback::regclass);
    END IF;

    partition_name := parent_name || to_char(first_day, '_YYYY_MM');
    EXECUTE format(
        'CREATE TABLE %I.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)',
        parent_schema, partition_name, parent);
    EXECUTE format(
        'WITH moved AS (DELETE FROM %1$s WHERE %2$I >= $1 AND %2$I < $2 RETURNING *)'
        ' INSERT INTO %3$I.%4$I SELECT * FROM moved',
        parent, key_column, parent_schema, partition_name) USING first_day, next_first_day;
    EXECUTE format(
        'ALTER TABLE %s ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
        parent, parent_schema, partition_name, first_day, next_first_day);
    RETURN true;
END
$$;
