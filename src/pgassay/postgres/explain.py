"""EXPLAIN as it is asked for: always under the same planner settings, always rolled back.

A statement is prepared and executed under EXPLAIN (ANALYZE), so that its plan is the one that an
application gets: for these values (custom), or for any (generic, what a prepared statement comes
to after five executions). What it writes is undone. Planner settings are PostgreSQL's built-in
ones, unless the database, the role or the system's configuration says otherwise; those are part
of what is under test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName, literal
from pgassay.core.statement import Statement
from pgassay.plans.places import Size
from pgassay.plans.query import PlanMode
from pgassay.plans.reading import read_plan

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pgassay.core.plan import Plan
    from pgassay.core.statement import Refusal, Reply, Value
    from pgassay.postgres.session import PipelineSession

_NAME = "pgassay_query"
_PREPARE = f"prepare {_NAME} as "
_MEMORY_SINCE = 17
_TUNED = """
select name, boot_val from pg_catalog.pg_settings
where (category like 'Query Tuning /%' or name in ('work_mem', 'hash_mem_multiplier'))
  and context in ('user', 'superuser') and setting is distinct from boot_val
  and source not in ('database', 'user', 'database user')
order by name
"""
_SIZES = """
select n.nspname, c.relname, c.reltuples,
  pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm', 'i') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
"""
_HIDE = """
update pg_catalog.pg_index set indisvalid = false
where indexrelid = $1::regclass
  or indexrelid in (select relid from pg_catalog.pg_partition_tree($1::regclass))
"""
_HIDE_OTHERS = """
update pg_catalog.pg_index set indisvalid = false
where indexrelid <> $1::regclass
  and indexrelid not in (select relid from pg_catalog.pg_partition_tree($1::regclass))
  and indrelid in (
    select o.indrelid from pg_catalog.pg_index o
    where o.indexrelid = $1::regclass
      or o.indexrelid in (select relid from pg_catalog.pg_partition_tree($1::regclass)))
"""

_MADE = """
select sum(pg_catalog.pg_relation_size(oid)) / pg_catalog.current_setting('block_size')::int
from pg_catalog.pg_class
where relkind = 'i' and xmin = pg_catalog.pg_current_xact_id()::xid
"""

NO_SEQUENTIAL_SCAN = Statement("set local enable_seqscan = off")


class QueryRefusedError(Exception):
    """The server refuses a query, or has cancelled it; `line` counts from 0 within its text."""

    def __init__(self, refusal: Refusal, sql: str) -> None:
        self.refusal = refusal
        at = (refusal.position or 1) - 1 - len(_PREPARE)
        self.line = sql.count("\n", 0, max(at, 0))
        super().__init__(f"{refusal.sqlstate} {refusal.message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a statement is to be explained.

    Args:
        mode: custom or generic.
        analyze: whether it is executed.
        limit_ms: it is cancelled after so many milliseconds.
        parallel: whether parallel workers may be planned.
        before: what is run first, in the same transaction.
    """

    mode: PlanMode = PlanMode.CUSTOM
    analyze: bool = True
    limit_ms: int = 10_000
    parallel: bool = False
    before: tuple[Statement, ...] = ()


class Explainer:
    """Explains statements on one database.

    Args:
        session: on the database; nothing else may go on in it.
        kept: names of settings that are left as they are: those that the system declares.
    """

    def __init__(self, session: PipelineSession, *, kept: Collection[str] = ()) -> None:
        self._session = session
        self._kept = frozenset(kept)

    def plan(self, statement: Statement, asked: Asked | None = None) -> Plan:
        """Return the plan of a statement; whatever it wrote is rolled back.

        Raises:
            QueryRefusedError: the server refuses it or has cancelled it.
        """
        asked = asked or Asked()
        prepare, explain, deallocate = self._asking(statement, asked)
        opening = (Statement("begin"), *self._settings(asked), *asked.before)
        queue = (*opening, prepare, explain, Statement("rollback"), deallocate)
        return self._answer(statement, asked, self._session.run_all(queue)[:-2])

    def _asking(self, statement: Statement, asked: Asked) -> tuple[Statement, Statement, Statement]:
        """Return what prepares a statement, explains it, and lets go of it."""
        return (
            Statement(_PREPARE + statement.sql),
            Statement(self._explain(statement.values, analyze=asked.analyze)),
            Statement(f"deallocate {_NAME}"),
        )

    def _answer(self, statement: Statement, asked: Asked, replies: Sequence[Reply]) -> Plan:
        """Return the plan in the last of some replies.

        Raises:
            QueryRefusedError: one of them is a refusal.
        """
        refusal = next((reply.refusal for reply in replies if reply.refusal), None)
        if refusal is not None:
            raise QueryRefusedError(refusal, statement.sql)
        plan = read_plan(replies[-1].rows[0][0] or "")
        ours = {"plan_cache_mode", *self._fixed(asked)}
        shown = {name: value for name, value in plan.settings.items() if name not in ours}
        return replace(plan, settings=shown)

    def script(self, statement: Statement, asked: Asked | None = None) -> tuple[str, ...]:
        """Return what shows the plan again in psql."""
        asked = asked or Asked()
        return (
            "begin;",
            *(setting.script() for setting in self._settings(asked)),
            *(before.script() for before in asked.before),
            f"{_PREPARE}{statement.sql};",
            f"{self._explain(statement.values, analyze=asked.analyze, shown=True)};",
            "rollback;",
        )

    def sizes(self) -> Mapping[QualifiedName, Size]:
        """Return how large every table, partition and index is."""
        rows = self._session.run(Statement(_SIZES)).rows
        return {
            QualifiedName(schema or "", name or ""): Size(
                rows=float(count or -1), pages=int(pages or 0)
            )
            for schema, name, count, pages in rows
        }

    def pages_of(self, create: Statement) -> int:
        """Return how many pages an index would have; it is made and rolled back."""
        queue = (Statement("begin"), create, Statement(_MADE), Statement("rollback"))
        reply = self._session.run_all(queue)[2]
        return int(float(reply.rows[0][0] or 0)) if reply.rows else 0

    @cached_property
    def can_hide(self) -> bool:
        """Whether indexes can be hidden from the planner: a superuser's right."""
        reply = self._session.run(Statement("show is_superuser"))
        return reply.rows == (("on",),)

    def _settings(self, asked: Asked) -> tuple[Statement, ...]:
        return tuple(
            Statement(f"set local {name} = {literal(value)}")
            for name, value in self._wanted(asked).items()
        )

    def _wanted(self, asked: Asked) -> Mapping[str, str]:
        return {**self._fixed(asked), "plan_cache_mode": f"force_{asked.mode}_plan"}

    def _fixed(self, asked: Asked) -> Mapping[str, str]:
        parallel = {} if asked.parallel else {"max_parallel_workers_per_gather": "0"}
        return {
            **self._tuned,
            **parallel,
            "jit": "off",
            "synchronize_seqscans": "off",
            "statement_timeout": f"{asked.limit_ms}ms",
        }

    @cached_property
    def _tuned(self) -> Mapping[str, str]:
        """Planner settings that something else than the system under test has changed."""
        rows = self._session.run(Statement(_TUNED)).rows
        return {name or "": value or "" for name, value in rows if name not in self._kept}

    def _explain(self, values: Sequence[Value], *, analyze: bool, shown: bool = False) -> str:
        options = ["analyze", "buffers", "wal", "timing off"] if analyze else []
        if analyze and self._session.major >= _MEMORY_SINCE and not shown:
            options.append("memory")
        options += ["verbose", "settings"]
        options += [] if shown else ["format json"]
        given = f" ({', '.join(literal(value) for value in values)})" if values else ""
        return f"explain ({', '.join(options)}) execute {_NAME}{given}"


def hidden(index: QualifiedName) -> Statement:
    """Return what hides an index, of partitions too, until the transaction ends."""
    return Statement(_HIDE, (index.sql,))


def others_hidden(index: QualifiedName) -> Statement:
    """Return what hides all other indexes of an index's table, until the transaction ends."""
    return Statement(_HIDE_OTHERS, (index.sql,))
