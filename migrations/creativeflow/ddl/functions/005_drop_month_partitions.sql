-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

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
