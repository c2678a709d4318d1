-- What the planner sees of this database, as one JSON document: the snapshot for pgassay bench --at.
--
--     psql -XAtq -f script.sql > prod.json
--
-- What is read: pg_class, pg_namespace, pg_attribute, pg_type, pg_index, pg_inherits, pg_settings,
-- pg_stats, and pg_statistic_ext with pg_stats_ext. No query is issued on a table of yours, unless
-- "ends" below is true; then the first and the last value of each column that leads a B-tree is
-- looked up in that index.
-- pg_relation_size and the functions of pageinspect hold an ACCESS SHARE lock for the moment in which
-- they look at one relation; where that would wait for more than a second, nothing is read at all.
--
-- Which rights it needs:
--   sizes, names, settings         CONNECT; every role sees pg_class
--   statistics of a column         SELECT on it (pg_read_all_data will do; pg_monitor will not),
--                                  and no row level security that applies to the role
--   extended statistics            to own the table, by membership or as a superuser
--   heights of indexes             a superuser, and the extension pageinspect
--   ends                           SELECT on the column
-- What the role may not see is left out, and marked as such.
--
-- Common values and histograms are written if "values" is true; labels of enumerations and of
-- booleans always, and those of a column all of which stand in a CHECK of it: they are the schema's
-- own words.
-- ts_stat runs a query given as text: so one script serves with pageinspect and without.
begin transaction isolation level repeatable read read only;
set local statement_timeout = '60s';
set local lock_timeout = '1s';
set local search_path = pg_catalog;
set local standard_conforming_strings = on;
set local datestyle = 'ISO';
set local intervalstyle = 'postgres';
set local extra_float_digits = 1;
set local bytea_output = 'hex';

with asked (wants_values, wants_ends) as (
    select false /* values */, false /* ends */
), inspector as (
    select (select pg_catalog.quote_ident(n.nspname)
            from pg_catalog.pg_extension x
            join pg_catalog.pg_namespace n on n.oid = x.extnamespace
            where x.extname = 'pageinspect'
              and pg_catalog.current_setting('is_superuser') = 'on') as place
), tables as (
    select c.oid, n.nspname, c.relname, c.relkind, c.reltuples, c.relpages, c.relallvisible,
           c.relispartition, pg_catalog.to_jsonb(c) -> 'relallfrozen' as relallfrozen,
           pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound,
           c.relrowsecurity and pg_catalog.row_security_active(c.oid) as secured,
           p.nspname as parent_schema, p.relname as parent
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join lateral (
        select pn.nspname, pc.relname
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class pc on pc.oid = i.inhparent
        join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
        where i.inhrelid = c.oid and c.relispartition
        limit 1
    ) p on true
    where c.relkind in ('r', 'p', 'm', 'f') and c.relpersistence <> 't'
      and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
), known as (
    select s.schemaname, s.tablename, s.attname, s.inherited, pg_catalog.json_build_object(
        'inherited', s.inherited,
        'null', s.null_frac,
        'width', s.avg_width,
        'distinct', s.n_distinct,
        'correlation', s.correlation,
        'common', s.most_common_freqs,
        'values', case when w.shown then s.most_common_vals::text::text[] end,
        'bounds', case when w.shown then s.histogram_bounds::text::text[] end,
        'bins', pg_catalog.array_length(s.histogram_bounds::text::text[], 1),
        'elements', case when w.shown then s.most_common_elems::text::text[] end,
        'element_shares', s.most_common_elem_freqs,
        'element_counts', s.elem_count_histogram,
        'lengths', r.more -> 'range_length_histogram',
        'empty', r.more -> 'range_empty_frac',
        'range_bounds', case when w.shown then r.more -> 'range_bounds_histogram' end
    ) as statistics
    from pg_catalog.pg_stats s
    cross join asked
    left join lateral (
        select t.typtype = 'e' or t.typname = 'bool' or exists (
                   select from pg_catalog.pg_constraint l
                   where l.conrelid = a.attrelid and l.contype = 'c' and l.convalidated
                     and l.conkey = array[a.attnum]
                     and not exists (
                         select from pg_catalog.unnest(s.most_common_vals::text::text[]
                                                       || s.histogram_bounds::text::text[]) v(word)
                         where pg_catalog.strpos(pg_catalog.pg_get_constraintdef(l.oid),
                                                 pg_catalog.quote_literal(v.word) || '::') = 0)
               ) as worded, t.typtype in ('r', 'm') as ranged,
               a.attrelid, a.attnum
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_type t on t.oid = a.atttypid
        where a.attname = s.attname and a.attrelid = (
            select c.oid
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = s.schemaname and c.relname = s.tablename)
    ) y on true
    cross join lateral (
        select asked.wants_values or coalesce(y.worded, false) as shown
    ) w
    cross join lateral (
        -- Before 17, pg_stats does not show what is known of ranges; a superuser reads pg_statistic.
        select case
            when not coalesce(y.ranged, false) then '{}'
            when pg_catalog.current_setting('server_version_num')::integer >= 170000
                then pg_catalog.to_jsonb(s)
            when pg_catalog.current_setting('is_superuser') = 'on' then coalesce((
                select pg_catalog.convert_from(pg_catalog.decode(pg_catalog.string_agg(
                    pg_catalog.substr(w.word, 7), '' order by w.word), 'hex'), 'UTF8')::jsonb
                from pg_catalog.ts_stat(pg_catalog.format(
                    'select array_to_tsvector(array[lpad(g::text, 6, ''0'')'
                    ' || substr(d.h, g * 1900 + 1, 1900)])'
                    ' from (select encode(convert_to(json_build_object('
                    '''range_bounds_histogram'', (case 7 when stakind1 then stavalues1 when stakind2 then stavalues2'
                    ' when stakind3 then stavalues3 when stakind4 then stavalues4 when stakind5 then stavalues5 end)::text::text[],'
                    ' ''range_length_histogram'', (case 6 when stakind1 then stavalues1 when stakind2 then stavalues2'
                    ' when stakind3 then stavalues3 when stakind4 then stavalues4 when stakind5 then stavalues5 end)::text::float8[],'
                    ' ''range_empty_frac'', case 6 when stakind1 then stanumbers1[1] when stakind2 then stanumbers2[1]'
                    ' when stakind3 then stanumbers3[1] when stakind4 then stanumbers4[1] when stakind5 then stanumbers5[1] end'
                    ')::text, ''UTF8''), ''hex'') as h from pg_statistic'
                    ' where starelid = %s and staattnum = %s and stainherit = %L) d,'
                    ' generate_series(0, (length(d.h) - 1) / 1900) g',
                    y.attrelid::oid, y.attnum, s.inherited)) w), '{}')
            else '{}' end as more
    ) r
    where s.schemaname <> 'information_schema' and s.schemaname !~ '^pg_'
)
select pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
    'format', 'pgassay snapshot 1',
    'database', pg_catalog.current_database(),
    'role', current_user,
    'version', pg_catalog.current_setting('server_version_num')::integer,
    'taken', pg_catalog.to_char(pg_catalog.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'block_size', pg_catalog.current_setting('block_size')::integer,
    'collation', (
        select datcollate from pg_catalog.pg_database where datname = pg_catalog.current_database()
    ),
    'values', (select wants_values from asked),
    'ends', (select wants_ends from asked),
    'heights', (select place is not null from inspector),
    'settings', (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', name, 'value', pg_catalog.current_setting(name)) order by name), '[]')
        from pg_catalog.pg_settings
        where (category like 'Query Tuning /%' or name in ('work_mem', 'hash_mem_multiplier',
               'max_parallel_workers', 'max_parallel_workers_per_gather'))
          and setting is distinct from boot_val
    ),
    'relations', (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', pg_catalog.json_build_array(t.nspname, t.relname),
            'kind', t.relkind,
            'rows', t.reltuples,
            'pages', case when t.relkind = 'p' then 0 else t.relpages::bigint & 4294967295 end,
            'blocks', case when t.relkind in ('r', 'm')
                then pg_catalog.pg_relation_size(t.oid)
                     / pg_catalog.current_setting('block_size')::integer else 0 end,
            'visible', t.relallvisible::bigint & 4294967295,
            'frozen', t.relallfrozen,
            'parent', case when t.parent is not null
                then pg_catalog.json_build_array(t.parent_schema, t.parent) end,
            'bound', t.bound,
            'secured', t.secured,
            'columns', (
                select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', a.attname,
                    'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                    'base', (
                        select pg_catalog.format_type(ty.typbasetype, ty.typtypmod)
                        from pg_catalog.pg_type ty
                        where ty.oid = a.atttypid and ty.typtype = 'd'
                    ),
                    'readable', pg_catalog.has_column_privilege(t.oid, a.attnum, 'select'),
                    'statistics', (
                        select coalesce(pg_catalog.json_agg(
                            k.statistics order by k.inherited), '[]')
                        from known k
                        where k.schemaname = t.nspname and k.tablename = t.relname
                          and k.attname = a.attname
                    ),
                    'low', (
                        select pg_catalog.substr(w.word, 2)
                        from pg_catalog.ts_stat(case when e.leads
                            then pg_catalog.format(e.query, '') else e.nothing end) w
                    ),
                    'high', (
                        select pg_catalog.substr(w.word, 2)
                        from pg_catalog.ts_stat(case when e.leads
                            then pg_catalog.format(e.query, ' desc') else e.nothing end) w
                    )
                ) order by a.attnum), '[]')
                from pg_catalog.pg_attribute a
                cross join lateral (
                    select
                        (select wants_ends from asked) and t.relkind in ('r', 'm')
                        and not t.secured
                        and pg_catalog.has_column_privilege(t.oid, a.attnum, 'select')
                        and exists (
                            select from pg_catalog.pg_index i
                            join pg_catalog.pg_class ic on ic.oid = i.indexrelid
                            join pg_catalog.pg_am am on am.oid = ic.relam
                            where i.indrelid = t.oid and i.indkey[0] = a.attnum and i.indisvalid
                              and i.indpred is null and am.amname = 'btree'
                        ) as leads,
                        pg_catalog.replace(pg_catalog.format(
                            'select array_to_tsvector(array[''v'' || e.v]) from ('
                            'select %1$I::text as v from only %2$I.%3$I'
                            ' where %1$I is not null order by %1$I~ limit 1) e'
                            ' where octet_length(e.v) < 2000',
                            a.attname, t.nspname, t.relname
                        ), '%', '%%') as text
                ) q
                cross join lateral (
                    select q.leads, 'select ''''::tsvector' as nothing,
                           pg_catalog.replace(q.text, '~ limit', '%s limit') as query
                ) e
                where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
            ),
            'indexes', (
                select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', pg_catalog.json_build_array(n.nspname, ic.relname),
                    'method', am.amname,
                    'keys', (
                        select pg_catalog.json_agg(
                            pg_catalog.pg_get_indexdef(ic.oid, k.number, true) order by k.number)
                        from pg_catalog.generate_series(1, i.indnkeyatts) k(number)
                    ),
                    'predicate', pg_catalog.pg_get_expr(i.indpred, i.indrelid, true),
                    'parent', (
                        select pg_catalog.json_build_array(pn.nspname, pc.relname)
                        from pg_catalog.pg_inherits h
                        join pg_catalog.pg_class pc on pc.oid = h.inhparent
                        join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
                        where h.inhrelid = ic.oid
                    ),
                    'rows', ic.reltuples,
                    'pages', case when ic.relkind = 'i' then ic.relpages::bigint & 4294967295 else 0 end,
                    'blocks', case when ic.relkind = 'i'
                        then pg_catalog.pg_relation_size(ic.oid)
                             / pg_catalog.current_setting('block_size')::integer else 0 end,
                    'height', case when am.amname = 'btree' then m.told[1]::bigint end,
                    'last_map', case when am.amname = 'brin' then m.told[1]::bigint end,
                    'gin', case when am.amname = 'gin' and m.told is not null
                        then pg_catalog.json_build_object(
                            'total', m.told[1]::bigint, 'entry', m.told[2]::bigint,
                            'data', m.told[3]::bigint, 'entries', m.told[4]::bigint,
                            'pending', m.told[5]::bigint) end,
                    'expressions', (
                        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                            'number', a.attnum, 'statistics', k.statistics) order by a.attnum), '[]')
                        from pg_catalog.pg_attribute a
                        join known k on k.schemaname = n.nspname and k.tablename = ic.relname
                                    and k.attname = a.attname
                        where a.attrelid = ic.oid and a.attnum > 0
                    )
                ) order by n.nspname, ic.relname), '[]')
                from pg_catalog.pg_index i
                join pg_catalog.pg_class ic on ic.oid = i.indexrelid
                join pg_catalog.pg_namespace n on n.oid = ic.relnamespace
                join pg_catalog.pg_am am on am.oid = ic.relam
                left join lateral (
                    select pg_catalog.string_to_array((
                        select w.word
                        from pg_catalog.ts_stat(pg_catalog.format(
                            'select array_to_tsvector(array[m.v]) from (' || case am.amname
                            when 'btree' then 'select fastlevel::text as v from %1$s.bt_metap(%2$L)'
                            when 'gin' then
                                'select concat_ws('','', n_total_pages, n_entry_pages,'
                                ' n_data_pages, n_entries, n_pending_pages) as v'
                                ' from %1$s.gin_metapage_info(%1$s.get_raw_page(%2$L, 0))'
                            when 'brin' then
                                'select lastrevmappage::text as v'
                                ' from %1$s.brin_metapage_info(%1$s.get_raw_page(%2$L, 0))'
                            end || ') m',
                            x.place, pg_catalog.format('%I.%I', n.nspname, ic.relname))) w
                    ), ',') as told
                    from inspector x
                    where x.place is not null and ic.relkind = 'i'
                      and am.amname in ('btree', 'gin', 'brin')
                ) m on true
                where i.indrelid = t.oid and i.indisvalid
            ),
            'together', (
                select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', pg_catalog.json_build_array(en.nspname, e.stxname),
                    'columns', ec.names,
                    'numbers', ec.numbers,
                    'distinct', x.n_distinct::text,
                    'dependencies', x.dependencies::text,
                    'common', case when (select wants_values from asked)
                                    and pg_catalog.current_setting('is_superuser') = 'on'
                        then (
                            select pg_catalog.string_agg(
                                pg_catalog.substr(w.word, 7), '' order by w.word)
                            from pg_catalog.ts_stat(pg_catalog.format(
                                'select array_to_tsvector(array[lpad(g::text, 6, ''0'')'
                                ' || substr(d.h, g * 1900 + 1, 1900)])'
                                ' from (select encode(stxdmcv::bytea, ''hex'') as h'
                                ' from pg_statistic_ext_data'
                                ' where stxoid = %s and stxdinherit = %L) d,'
                                ' generate_series(0, (length(d.h) - 1) / 1900) g',
                                e.oid, x.inherited)) w
                        ) end,
                    'inherited', coalesce(x.inherited, t.relkind = 'p'),
                    'readable', x.statistics_name is not null
                ) order by e.stxname, x.inherited), '[]')
                from pg_catalog.pg_statistic_ext e
                join pg_catalog.pg_namespace en on en.oid = e.stxnamespace
                cross join lateral (
                    select pg_catalog.json_agg(a.attname order by a.attnum) as names,
                           pg_catalog.json_agg(a.attnum order by a.attnum) as numbers
                    from pg_catalog.pg_attribute a
                    where a.attrelid = t.oid and a.attnum = any (e.stxkeys)
                ) ec
                left join pg_catalog.pg_stats_ext x on x.statistics_schemaname = en.nspname
                                                   and x.statistics_name = e.stxname
                where e.stxrelid = t.oid
            )
        ) order by t.nspname, t.relname), '[]')
        from tables t
    )
))::text;
rollback;
