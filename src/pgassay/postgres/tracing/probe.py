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
create function pgassay_trace.look(what text, everything boolean) returns jsonb
language plpgsql volatile set plan_cache_mode = force_generic_plan as $$
begin
  return (with lock as materialized (
    select l.relation as oid, l.mode
    from pg_catalog.pg_locks l
    where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted
      and l.relation >= 16384
  ), touched as materialized (
    select k.oid, k.kind, k.file from pgassay_trace.known k
    where everything or k.oid in (select lock.oid from lock)
  ), counted as materialized (
    select t.oid, pg_catalog.pg_stat_get_xact_numscans(t.oid) as scans,
           pg_catalog.pg_stat_get_xact_tuples_returned(t.oid) as read,
           pg_catalog.pg_stat_get_xact_tuples_inserted(t.oid) as inserted,
           pg_catalog.pg_stat_get_xact_tuples_updated(t.oid) as updated,
           pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid) as deleted
    from touched t where t.kind in ('r', 'm')
  )
  select pg_catalog.jsonb_build_object(
    'what', what,
    'at', extract(epoch from pg_catalog.clock_timestamp()),
    'transaction', extract(epoch from pg_catalog.transaction_timestamp()),
    'wal', pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn,
    'lock_timeout', pg_catalog.current_setting('lock_timeout'),
    'statement_timeout', pg_catalog.current_setting('statement_timeout'),
    'transaction_timeout', pg_catalog.current_setting('transaction_timeout', true),
    'locks', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(k.oid::bigint, lock.mode))
              from lock join pgassay_trace.known k on k.oid = lock.oid),
    'files', (select pg_catalog.jsonb_agg(
                pg_catalog.jsonb_build_array(c.oid::bigint, c.relfilenode::bigint,
                                             pg_catalog.pg_relation_size(c.oid)))
              from touched t join pg_catalog.pg_class c on c.oid = t.oid
              where c.relfilenode <> t.file),
    -- Where nothing is pending, nothing was done since it was last counted.
    'counts', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(t.oid::bigint,
        pg_catalog.pg_stat_get_numscans(t.oid) + t.scans,
        pg_catalog.pg_stat_get_tuples_returned(t.oid) + t.read,
        pg_catalog.pg_stat_get_tuples_inserted(t.oid) + t.inserted,
        pg_catalog.pg_stat_get_tuples_updated(t.oid) + t.updated,
        pg_catalog.pg_stat_get_tuples_deleted(t.oid) + t.deleted))
      from counted t
      where everything or t.scans + t.read + t.inserted + t.updated + t.deleted > 0),
    'indexes', (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
                  i.indexrelid::bigint, i.indrelid::bigint, n.nspname, c.relname,
                  i.indisunique, i.indisvalid))
                from touched t
                join pg_catalog.pg_index i on i.indrelid = t.oid
                join pg_catalog.pg_class c on c.oid = i.indexrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where t.kind in ('r', 'm', 'p')
                  and i.indexrelid not in (select k.oid from pgassay_trace.known k)
                  -- another type of the same form: a new index over the old one's file
                  and (c.relfilenode = 0 or c.relfilenode not in (
                    select k.file from pgassay_trace.known k where k.kind = 'i')))));
end $$;

create function pgassay_trace.note(seen jsonb) returns void language plpgsql volatile as $$
begin
  perform pg_catalog.set_config('pgassay.seen',
    coalesce(pg_catalog.current_setting('pgassay.seen', true), '') || seen::text || E'\\n', false);
end $$;

create function pgassay_trace.taken(everything boolean) returns text
language plpgsql volatile as $$
begin
  return coalesce(pg_catalog.current_setting('pgassay.seen', true), '')
    || pgassay_trace.look('client', everything)::text
    || pg_catalog.set_config('pgassay.seen', '', false);
end $$;
"""
_TRIGGERS = """
create function pgassay_trace.began() returns event_trigger language plpgsql as $$
begin
  perform pgassay_trace.note(pgassay_trace.look('start', false)
    || pg_catalog.jsonb_build_object('tag', tg_tag,
         'query', pg_catalog.left(pg_catalog.current_query(), 2000)));
end $$;

create function pgassay_trace.ended() returns event_trigger language plpgsql as $$
begin
  perform pgassay_trace.note(pgassay_trace.look('end', false)
    || pg_catalog.jsonb_build_object('tag', tg_tag, 'objects',
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
