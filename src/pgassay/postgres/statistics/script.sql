-- The planner's statistics of this database, as one JSON document, for `pgassay profile --from`.
--
--     psql -XAtq -f script.sql > statistics.json
--
-- What is read: pg_class and pg_namespace (names, reltuples, relpages), pg_attribute (names and
-- types), pg_inherits (which table is a partition of which), pg_stats, and pg_statistic_ext with
-- pg_stats_ext. No query is issued on a table of yours, and no lock is taken on one.
--
-- Which rights it needs:
--   sizes, names, partitions       CONNECT; every role sees pg_class
--   statistics of a column         SELECT on it (pg_read_all_data will do; pg_monitor will not),
--                                  and no row level security that applies to the role
--   extended statistics            to own the table, by membership or as a superuser
-- What the role may not see is left out, and marked as such.
--
-- Values of the database are read of the columns in "named" alone.
begin transaction isolation level repeatable read read only;
set local statement_timeout = '60s';
set local lock_timeout = '1s';
set local search_path = pg_catalog;
set local standard_conforming_strings = on;

with named (schema, relation, attribute) as (
    select null::text, null::text, null::text where false
    /* named columns */
), tables as (
    select c.oid, n.nspname, c.relname, c.relkind, c.reltuples, c.relpages, c.relrowsecurity,
           coalesce(t.relpages, 0)::bigint * current_setting('block_size')::bigint as outside,
           p.nspname as parent_schema, p.relname as parent
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
    left join lateral (
        select pn.nspname, pc.relname
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class pc on pc.oid = i.inhparent
        join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
        where i.inhrelid = c.oid and c.relispartition
        limit 1
    ) p on true
    where c.relkind in ('r', 'p') and c.relpersistence <> 't'
      and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
)
select pg_catalog.json_build_object(
    'format', 'pgassay statistics 1',
    'database', pg_catalog.current_database(),
    'role', current_user,
    'version', pg_catalog.current_setting('server_version_num')::integer,
    'taken', pg_catalog.to_char(pg_catalog.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'values', (
        select coalesce(pg_catalog.json_agg(
            pg_catalog.concat_ws('.', schema, relation, attribute)), '[]')
        from named
    ),
    'tables', (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'schema', t.nspname,
            'name', t.relname,
            'divided', t.relkind = 'p',
            'rows', t.reltuples,
            'pages', t.relpages,
            'outside', t.outside,
            'parent', case when t.parent is not null
                then pg_catalog.json_build_array(t.parent_schema, t.parent) end,
            'secured', t.relrowsecurity and pg_catalog.row_security_active(t.oid),
            'columns', (
                select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', a.attname,
                    'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                    'readable', pg_catalog.has_column_privilege(t.oid, a.attnum, 'select'),
                    'statistics', (
                        select pg_catalog.json_build_object(
                            'null', s.null_frac,
                            'width', s.avg_width,
                            'distinct', s.n_distinct,
                            'common', coalesce(pg_catalog.to_json(s.most_common_freqs), '[]'),
                            'correlation', s.correlation,
                            'values', case when v.attribute is not null then coalesce(
                                pg_catalog.to_json(s.most_common_vals::text::text[]), '[]') end,
                            'bounds', case when v.attribute is not null then coalesce(
                                pg_catalog.to_json(s.histogram_bounds::text::text[]), '[]') end
                        )
                        from pg_catalog.pg_stats s
                        where s.schemaname = t.nspname and s.tablename = t.relname
                          and s.attname = a.attname and s.inherited = (t.relkind = 'p')
                    )
                ) order by a.attnum), '[]')
                from pg_catalog.pg_attribute a
                left join named v on v.schema = t.nspname and v.relation = t.relname
                                 and v.attribute = a.attname
                where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
            ),
            'together', (
                select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', e.stxname,
                    'columns', (
                        select pg_catalog.json_agg(
                            pg_catalog.json_build_object('number', a.attnum, 'name', a.attname)
                            order by a.attnum)
                        from pg_catalog.pg_attribute a
                        where a.attrelid = t.oid and a.attnum = any (e.stxkeys)
                    ),
                    'gathered', (
                        select pg_catalog.json_build_object(
                            'distinct', x.n_distinct::text,
                            'dependencies', x.dependencies::text
                        )
                        from pg_catalog.pg_stats_ext x
                        where x.statistics_schemaname = en.nspname
                          and x.statistics_name = e.stxname
                          and x.inherited = (t.relkind = 'p')
                    )
                ) order by e.stxname), '[]')
                from pg_catalog.pg_statistic_ext e
                join pg_catalog.pg_namespace en on en.oid = e.stxnamespace
                where e.stxrelid = t.oid and e.stxkeys <> ''
            )
        ) order by t.nspname, t.relname), '[]')
        from tables t
    )
)::text;
rollback;
