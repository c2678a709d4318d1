-- Functions that make and drop the months of partitioned tables. A scheduler calls
--     SELECT create_month_partitions(current_date, 3);
-- and, off-peak,
--     SELECT drop_month_partitions(current_date, 24);
-- Both take their date, so that tests can choose it. Rows that reached a default partition before
-- their month existed move into it when it is made.

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

CREATE FUNCTION clear_default_partition(parent regclass) RETURNS integer
    LANGUAGE plpgsql
AS $$
DECLARE
    key_column name;
    fallback oid;
    months date[];
    month date;
    created integer := 0;
BEGIN
    SELECT a.attname, p.partdefid
      INTO key_column, fallback
      FROM pg_partitioned_table p
      JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
     WHERE p.partrelid = parent;
    IF NOT FOUND OR fallback = 0 THEN
        RAISE EXCEPTION '% has no default partition', parent USING ERRCODE = 'wrong_object_type';
    END IF;

    -- Times no month can hold (infinite, before year 1) stay where they are.
    EXECUTE format(
        'SELECT array_agg(DISTINCT date_trunc(''month'', %1$I)::date) FROM %2$s'
        ' WHERE %1$I >= ''0001-01-01'' AND %1$I < ''infinity''',
        key_column, fallback::regclass) INTO months;
    FOREACH month IN ARRAY coalesce(months, '{}') LOOP
        IF create_month_partition(parent, month) THEN
            created := created + 1;
        END IF;
    END LOOP;
    RETURN created;
END
$$;

CREATE FUNCTION create_month_partitions(reference date, horizon integer) RETURNS integer
    LANGUAGE plpgsql
AS $$
DECLARE
    parent regclass;
    ahead integer;
    created integer := 0;
BEGIN
    IF horizon < 0 THEN
        RAISE EXCEPTION 'the horizon is a number of months from 0 on, not %', horizon
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH parent IN ARRAY ARRAY['credit_transactions', 'notifications', 'usage_logs']::regclass[]
    LOOP
        FOR ahead IN 0..horizon LOOP
            IF create_month_partition(parent, (reference + make_interval(months => ahead))::date)
            THEN
                created := created + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN created;
END
$$;

CREATE FUNCTION drop_month_partitions(reference date, keep integer) RETURNS integer
    LANGUAGE plpgsql
    SET lock_timeout = '5s'
AS $$
DECLARE
    first_kept timestamp :=
        date_trunc('month', reference::timestamp) - make_interval(months => keep);
    parent regclass;
    old_month regclass;
    dropped integer := 0;
BEGIN
    IF keep < 0 THEN
        RAISE EXCEPTION 'the number of months to keep starts from 0, it cannot be %', keep
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH parent IN ARRAY ARRAY['credit_transactions', 'notifications', 'usage_logs']::regclass[]
    LOOP
        FOR old_month IN
            SELECT m.relation
              FROM (SELECT c.oid AS relation, c.relname AS name,
                           substring(pg_get_expr(c.relpartbound, c.oid)
                                     FROM 'TO [(]''([^'']+)''[)]')::timestamp AS upper_bound
                      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                     WHERE i.inhparent = parent) AS m
             WHERE m.upper_bound <= first_kept
             ORDER BY m.name
        LOOP
            EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, old_month);
            EXECUTE format('DROP TABLE %s', old_month);
            dropped := dropped + 1;
        END LOOP;
    END LOOP;
    RETURN dropped;
END
$$;
