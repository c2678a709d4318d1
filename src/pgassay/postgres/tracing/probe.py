"""The probe: functions and event triggers in a schema of their own, put into the watched database.

Nothing in it takes a lock on a relation of the user: names and files are read from pg_class, rows
from the statistics functions. Sources: PostgreSQL, System Catalogs (pg_class, pg_index),
System Views (pg_locks), The Cumulative Statistics System (28.2), Event Triggers (39).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import Connection

    from pgassay.core.names import QualifiedName

SCHEMA = "pgassay_trace"
SEEN = "pgassay.seen"  # a setting of the session, where event triggers leave what they saw

# Files, counts and new indexes of relations that the session has locked, or of all of them.
# A count is what is flushed plus what is pending: it does not matter when the server flushes.
_FUNCTIONS = """
create schema pgassay_trace;
grant usage on schema pgassay_trace to public;
create table pgassay_trace.known (
    oid oid primary key, schema text not null, name text not null, kind text not null,
    owner oid, file oid
);
grant select on pgassay_trace.known to public;

-- In PL/pgSQL the plans are kept: planning would take several times what looking does.
-- Everything: what a statement that commits by itself has done, whose locks are gone.
create function pgassay_trace.everything() returns jsonb
language plpgsql volatile set plan_cache_mode = force_generic_plan as $$
begin
  return (with counted as materialized (
    select k.oid, pg_catalog.pg_stat_get_xact_numscans(k.oid) as scans,
           pg_catalog.pg_stat_get_xact_tuples_returned(k.oid) as read,
           pg_catalog.pg_stat_get_xact_tuples_inserted(k.oid) as inserted,
           pg_catalog.pg_stat_get_xact_tuples_updated(k.oid) as updated,
           pg_catalog.pg_stat_get_xact_tuples_deleted(k.oid) as deleted
    from pgassay_trace.known k where k.kind in ('r', 'm')
  )
  select pg_catalog.jsonb_build_object(
    'held', (select pg_catalog.string_agg(l.relation || ' ' || l.mode, ',')
             from pg_catalog.pg_locks l
             where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted
               and l.relation in (select k.oid from pgassay_trace.known k)),
    'files', (select pg_catalog.jsonb_agg(
                pg_catalog.jsonb_build_array(c.oid::bigint, c.relfilenode::bigint,
                                             pg_catalog.pg_relation_size(c.oid)))
              from pgassay_trace.known k join pg_catalog.pg_class c on c.oid = k.oid
              where c.relfilenode <> k.file),
    'counts', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(t.oid::bigint,
        pg_catalog.pg_stat_get_numscans(t.oid) + t.scans,
        pg_catalog.pg_stat_get_tuples_returned(t.oid) + t.read,
        pg_catalog.pg_stat_get_tuples_inserted(t.oid) + t.inserted,
        pg_catalog.pg_stat_get_tuples_updated(t.oid) + t.updated,
        pg_catalog.pg_stat_get_tuples_deleted(t.oid) + t.deleted)) from counted t),
    'indexes', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
                  i.indexrelid::bigint, i.indrelid::bigint, n.nspname, c.relname,
                  i.indisunique, i.indisvalid))
                from pgassay_trace.known k
                join pg_catalog.pg_index i on i.indrelid = k.oid
                join pg_catalog.pg_class c on c.oid = i.indexrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where k.kind in ('r', 'm', 'p')
                  and i.indexrelid not in (select k.oid from pgassay_trace.known k)
                  -- another type of the same form: a new index over the old one's file
                  and (c.relfilenode = 0 or c.relfilenode not in (
                    select k.file from pgassay_trace.known k where k.kind = 'i')))));
end $$;

-- The same within a transaction, from the locks alone. Whoever gives a relation another file has
-- it in ACCESS EXCLUSIVE mode, and whoever makes an index has that locked. One pass over
-- pg_locks, one over what is known.
create function pgassay_trace.locked() returns jsonb
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return (with held as (
    select l.relation as oid, pg_catalog.string_agg(l.mode, '+') as modes,
           pg_catalog.bool_or(l.mode = 'AccessExclusiveLock') as alone
    from pg_catalog.pg_locks l
    where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted
      and l.relation >= 16384
    group by 1
  ), lock as materialized (
    select held.*, k.kind, k.file
    from held left join pgassay_trace.known k on k.oid = held.oid
  ), counted as materialized (
    select t.oid, pg_catalog.pg_stat_get_xact_numscans(t.oid) as scans,
           pg_catalog.pg_stat_get_xact_tuples_returned(t.oid) as read,
           pg_catalog.pg_stat_get_xact_tuples_inserted(t.oid) as inserted,
           pg_catalog.pg_stat_get_xact_tuples_updated(t.oid) as updated,
           pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid) as deleted
    from lock t where t.kind in ('r', 'm')
  )
  select pg_catalog.jsonb_build_object(
    'held', (select pg_catalog.string_agg(lock.oid || ' ' || lock.modes, ',')
             from lock where lock.kind is not null),
    'files', (select pg_catalog.jsonb_agg(
                pg_catalog.jsonb_build_array(c.oid::bigint, c.relfilenode::bigint,
                                             pg_catalog.pg_relation_size(c.oid)))
              from lock join pg_catalog.pg_class c on c.oid = lock.oid
              where lock.alone and c.relfilenode <> lock.file),
    -- Where nothing is pending, nothing was done since it was last counted.
    'counts', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(t.oid::bigint,
        pg_catalog.pg_stat_get_numscans(t.oid) + t.scans,
        pg_catalog.pg_stat_get_tuples_returned(t.oid) + t.read,
        pg_catalog.pg_stat_get_tuples_inserted(t.oid) + t.inserted,
        pg_catalog.pg_stat_get_tuples_updated(t.oid) + t.updated,
        pg_catalog.pg_stat_get_tuples_deleted(t.oid) + t.deleted))
      from counted t
      where t.scans + t.read + t.inserted + t.updated + t.deleted > 0),
    'indexes', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
                  i.indexrelid::bigint, i.indrelid::bigint, n.nspname, c.relname,
                  i.indisunique, i.indisvalid))
                from lock
                join pg_catalog.pg_index i on i.indexrelid = lock.oid
                join pgassay_trace.known k on k.oid = i.indrelid and k.kind in ('r', 'm', 'p')
                join pg_catalog.pg_class c on c.oid = i.indexrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where lock.kind is null
                  and (c.relfilenode = 0 or c.relfilenode not in (
                    select k.file from pgassay_trace.known k where k.kind = 'i')))));
end $$;

create function pgassay_trace.glance(what text) returns jsonb language sql volatile as $$
  select pg_catalog.jsonb_build_object(
    'what', what,
    'at', extract(epoch from pg_catalog.clock_timestamp()),
    'transaction', extract(epoch from pg_catalog.transaction_timestamp()),
    'wal', pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn,
    'lock_timeout', pg_catalog.current_setting('lock_timeout'),
    'statement_timeout', pg_catalog.current_setting('statement_timeout'),
    'transaction_timeout', pg_catalog.current_setting('transaction_timeout', true))
$$;

create function pgassay_trace.look(what text, everything boolean) returns jsonb
language plpgsql volatile as $$
begin
  return pgassay_trace.glance(what)
    || case when everything then pgassay_trace.everything() else pgassay_trace.locked() end;
end $$;

create function pgassay_trace.note(seen jsonb) returns void language plpgsql volatile as $$
begin
  perform pg_catalog.set_config('pgassay.seen',
    coalesce(pg_catalog.current_setting('pgassay.seen', true), '') || seen::text || E'\\n', false);
end $$;

create function pgassay_trace.taken(everything boolean) returns text
language plpgsql volatile as $$
begin
  perform pg_catalog.set_config('pgassay.within', pg_catalog.transaction_timestamp()::text, false);
  return coalesce(pg_catalog.current_setting('pgassay.seen', true), '')
    || pgassay_trace.look('client', everything)::text
    || pg_catalog.set_config('pgassay.seen', '', false);
end $$;
"""
_TRIGGERS = """
-- Where the client has sent one command, within a transaction that it has looked at, its own looks
-- are those before and behind the command: a glance does.
create function pgassay_trace.is_whole(tag text) returns boolean language sql volatile as $$
  select coalesce(pg_catalog.current_setting('pgassay.seen', true), '') = ''
    and pg_catalog.current_setting('pgassay.within', true)
      = pg_catalog.transaction_timestamp()::text
    and pg_catalog.current_query() ~* '^\\s*(create|alter|drop|comment|grant|revoke)\\M'
    and pg_catalog.current_query() !~ ';\\s*\\S'
    and tag not in ('CREATE TABLE AS', 'CREATE MATERIALIZED VIEW', 'CREATE SCHEMA',
                    'CREATE EXTENSION', 'ALTER EXTENSION')
$$;

create function pgassay_trace.began() returns event_trigger language plpgsql as $$
declare whole constant boolean := pgassay_trace.is_whole(tg_tag);
begin
  perform pgassay_trace.note(
    case when whole then pgassay_trace.glance('start') else pgassay_trace.look('start', false) end
    || pg_catalog.jsonb_build_object('tag', tg_tag, 'whole', whole));
end $$;

create function pgassay_trace.ended() returns event_trigger language plpgsql as $$
declare
  seen constant text := coalesce(pg_catalog.current_setting('pgassay.seen', true), '');
  whole constant boolean := seen like '%"whole": true%'
    and seen not like '%"what": "start"%"what": "start"%';
begin
  perform pgassay_trace.note(
    case when whole then pgassay_trace.glance('end') else pgassay_trace.look('end', false) end
    || pg_catalog.jsonb_build_object('tag', tg_tag, 'whole', whole, 'objects',
      -- GRANT and REVOKE name no object.
      (select pg_catalog.jsonb_agg(object_type || ' ' || object_identity)
       from pg_catalog.pg_event_trigger_ddl_commands() where object_identity is not null)));
end $$;

create function pgassay_trace.dropped() returns event_trigger language plpgsql as $$
begin
  perform pgassay_trace.note(pg_catalog.jsonb_build_object('what', 'drop', 'objects',
      (select pg_catalog.jsonb_agg(object_type || ' ' || object_identity)
       from pg_catalog.pg_event_trigger_dropped_objects()
       where not is_temporary and object_type not in ('type', 'toast table'))));
end $$;

create function pgassay_trace.rewritten() returns event_trigger language plpgsql as $$
begin
  perform pgassay_trace.note(pg_catalog.jsonb_build_object('what', 'rewrite',
    'relation', pg_catalog.pg_event_trigger_table_rewrite_oid()::bigint,
    'reason', pg_catalog.pg_event_trigger_table_rewrite_reason()));
end $$;

create event trigger pgassay_trace_began on ddl_command_start
  execute function pgassay_trace.began();
create event trigger pgassay_trace_ended on ddl_command_end
  execute function pgassay_trace.ended();
create event trigger pgassay_trace_dropped on sql_drop
  execute function pgassay_trace.dropped();
create event trigger pgassay_trace_rewritten on table_rewrite
  execute function pgassay_trace.rewritten();
"""
_REMOVE = """
drop event trigger if exists pgassay_trace_began;
drop event trigger if exists pgassay_trace_ended;
drop event trigger if exists pgassay_trace_dropped;
drop event trigger if exists pgassay_trace_rewritten;
drop schema if exists pgassay_trace cascade;
"""
_ALONE = ("max_parallel_workers_per_gather", "max_parallel_maintenance_workers")
_KNOWN = """
delete from pgassay_trace.known;
insert into pgassay_trace.known (oid, schema, name, kind, owner, file)
select c.oid, n.nspname, c.relname, c.relkind, i.indrelid, c.relfilenode
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_index i on i.indexrelid = c.oid
where c.relkind in ('r', 'p', 'm', 'i', 'I', 'v', 'f') and c.relpersistence <> 't'
  and n.nspname not in ('information_schema', 'pgassay_trace') and n.nspname not like 'pg\\_%';
"""
_FORGET = """
delete from pgassay_trace.known k using pgassay_trace.known t
where t.schema = %(schema)s and t.name = %(name)s and (k.oid = t.oid or k.owner = t.oid)
"""
ROWS_OF_KNOWN = """
select oid::bigint, schema, name, kind, owner::bigint from pgassay_trace.known order by oid
"""


def install(connection: Connection[Any]) -> bool:
    """Put the probe into a database; return whether event triggers are part of it.

    They need a superuser. Without them a DO block, or a string of several statements, is one.

    Args:
        connection: in autocommit mode, to a database that pgassay made.
    """
    connection.execute(_FUNCTIONS)
    # One process less: row counts of parallel workers are their own.
    for setting in _ALONE:
        connection.execute(
            sql.SQL("alter database {} set {} = 0").format(
                sql.Identifier(connection.info.dbname), sql.Identifier(setting)
            )
        )
    remember(connection)
    try:
        with connection.transaction():
            connection.execute(_TRIGGERS)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def remember(connection: Connection[Any], exclude: Iterable[QualifiedName] = ()) -> None:
    """Note which relations there are now: what is made later is nobody's yet.

    Args:
        connection: in autocommit mode.
        exclude: a tool's own tables, which nobody waits for.
    """
    with connection.transaction():
        connection.execute(_KNOWN)
        for name in exclude:
            connection.execute(_FORGET, {"schema": name.schema, "name": name.name})
    connection.execute("analyze pgassay_trace.known")


def remove(connection: Connection[Any]) -> None:
    """Take the probe out again."""
    with connection.transaction():
        connection.execute(_REMOVE)
    for setting in _ALONE:
        connection.execute(
            sql.SQL("alter database {} reset {}").format(
                sql.Identifier(connection.info.dbname), sql.Identifier(setting)
            )
        )
