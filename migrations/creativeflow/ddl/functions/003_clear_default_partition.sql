-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

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
