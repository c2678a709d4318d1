-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

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
