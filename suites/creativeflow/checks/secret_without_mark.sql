-- A column that holds a secret has no mark in its comment.
--
-- What it finds: a column called a token, a secret or a hash of one whose comment does not end in
-- [sensitive].
--
-- Why it hurts: exports and support tools hide what is marked, and show all else.
--
-- Bad:
--     create table keys (id bigint primary key, access_token text);
--
-- Good:
--     create table keys (id bigint primary key, access_token text);
--     comment on column keys.access_token is 'Issued by the provider. [sensitive]';
--
-- Fix: a comment that says what the column is for and ends in the mark.
--
-- When to ignore: the column holds no secret; then it wants another name.
--
-- Reference: docs/creativeflow-decisions.md, Columns.
select
  pg_catalog.format('%I.%I', n.nspname, c.relname) as object,
  a.attname::text as part,
  pg_catalog.format('the comment on %I says nothing of it', a.attname) as found,
  pg_catalog.format('comment on column %I.%I.%I is %L;', n.nspname, c.relname, a.attname,
    pg_catalog.btrim(coalesce(s.description, '') || ' [sensitive]')) as fix
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
left join pg_catalog.pg_description s
  on s.objoid = c.oid and s.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
  and s.objsubid = a.attnum
where a.attnum > 0 and not a.attisdropped
  and a.attname ~ '(^|_)(token|secret|secret_hash|password_hash)$'
  and coalesce(s.description, '') !~ '\[sensitive\]$'
order by 1, 2
