"""The truth of the fidelity benchmark: what a really loaded database says, kept if asked for.

One copy of the volume is loaded, and only one. Its snapshots are taken, with everything and without
a value; the questions get their values there and are explained; then it is analysed once more and
asked again, to see what ANALYZE's own noise is worth.

A database that is *lived in* is one that clients have written to since it was vacuumed: rows
changed, rows gone, half of the tables analysed since, entries pending in GIN indexes. Vacuum sees
to it as little as autovacuum does within its threshold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.fidelity_questions import Asking, generated, hot
from benchmarks.fidelity_scores import Outlines, outline
from pgassay.core.codec import decode, encode
from pgassay.core.names import literal, quote
from pgassay.core.snapshot import Snapshot  # noqa: TC001 - dataclass fields
from pgassay.core.statement import Statement
from pgassay.plans.places import Places
from pgassay.postgres.explain import Asked, Explainer, QueryRefusedError
from pgassay.postgres.statistics import read_snapshot
from pgassay.run.bench import queries_of
from pgassay.run.populated import PopulatedStand
from pgassay.run.query_values import Values
from pgassay.run.stage_values import StageValues
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgassay.core.statement import Value
    from pgassay.plans.query import HotQuery
    from pgassay.postgres.session import PipelineSession
    from pgassay.run.stage_values import Elsewhere
    from pgassay.run.stand import Request

_WRITTEN = """
select c.oid::regclass::text, (select a.attname from pg_catalog.pg_attribute a
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    and a.attidentity = ''
  order by a.attnum limit 1)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.relpersistence <> 't' order by 1
"""
_OF_SO_MANY = "('x' || substr(md5(ctid::text), 1, 7))::bit(28)::int % {} = 0"
_AT_THE_END = (
    "ctid >= format('(%s,0)', pg_relation_size({}::regclass)"
    " / current_setting('block_size')::int * 99 / 100)::tid"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a loaded database says.

    Args:
        full: its snapshot with values and ends; plain: without either.
        hot: the hot queries with values that were looked for in the rows.
        by_role: the same with values from the statistics of `full`, as a stage finds them.
        made: generated statements.
        plans: of all of them, by name; those of `by_role` by theirs.
        noise: of `hot` and `made` after another ANALYZE.
        elsewhere: query, run, parameter and value.
    """

    server: str
    full: Snapshot
    plain: Snapshot
    hot: tuple[Asking, ...] = ()
    by_role: tuple[Asking, ...] = ()
    made: tuple[Asking, ...] = ()
    plans: Outlines = field(default_factory=dict)
    role_plans: Outlines = field(default_factory=dict)
    noise: Outlines = field(default_factory=dict)
    elsewhere: tuple[tuple[str, str, str, str | None], ...] = ()

    @property
    def values(self) -> Elsewhere:
        """The values that were found in the rows, by query, run and parameter."""
        return {(query, run, name): value for query, run, name, value in self.elsewhere}


def truth_of(
    request: Request, volume: str, *, number: int, lived_in: bool, kept: Path | None
) -> Truth:
    """Return what a volume of a system says, loaded now or kept from an earlier run.

    Args:
        request: which system, on which server.
        volume: a profile's name.
        number: of generated statements.
        lived_in: whether clients have written to it since.
        kept: where it is kept; whoever changes a query or a factory removes what is there.
    """
    if kept is not None and kept.is_file():
        return decode(Truth, json.loads(kept.read_text(encoding="utf-8")))
    with PopulatedStand(request, order_of(request, profile=volume)) as stand:
        for _ in stand.fill():
            pass
        session = stand.session(stand.volume)
        if lived_in:
            _live(session)
        with stand.server.connect(stand.volume) as connection:
            connection.execute("create extension if not exists pageinspect")
            plain = read_snapshot(connection)
            full = read_snapshot(connection, values=True, ends=True)
        places = Places(stand.catalogs[stand.proven])
        explainer = Explainer(session, kept=request.system.settings)
        queries = queries_of(request)
        found = _Remembered(Values(session, places))
        asked = hot(found, queries)
        # A stage finds values as this does; the loaded database lends it its planner.
        roles = hot(StageValues(full, places, explainer, found.known), queries)
        made = tuple(generated(full, number, request.seed))
        truth = Truth(
            server=f"PostgreSQL {stand.server.version}",
            full=full,
            plain=plain,
            hot=asked,
            by_role=roles,
            made=made,
            plans=plans(explainer, [*asked, *made]),
            role_plans=plans(explainer, roles),
            elsewhere=tuple((*key, value) for key, value in found.known.items()),
            noise=_after_analyze(session, explainer, [*asked, *made]),
        )
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(encode(truth)), encoding="utf-8")
    return truth


def plans(explainer: Explainer, askings: Iterable[Asking]) -> Outlines:
    """Return the plan of each statement that is not refused."""
    found = {}
    for asking in askings:
        how = Asked(mode=asking.mode, analyze=False, parallel=True)
        try:
            found[asking.name] = outline(explainer.plan(asking.statement, how))
        except QueryRefusedError:
            continue  # a type without the operator: refused on both
    return found


def _after_analyze(
    session: PipelineSession, explainer: Explainer, askings: Iterable[Asking]
) -> Outlines:
    session.run(Statement("analyze"))
    return plans(explainer, askings)


class _Remembered:
    """Values as they were found, so that a stage can be given them."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.known: Elsewhere = {}

    def of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        """Return the values of a run."""
        values = self._values.of(query, run)
        if values is not None:
            for parameter, value in zip(query.parameters, values, strict=True):
                self.known[query.name, run, parameter.name] = value
        return values


def _live(session: PipelineSession) -> None:
    """Write to every table, and analyse half of them."""
    session.run(Statement("set session_replication_role = replica"))
    for statement in _written(session):
        reply = session.run(statement)
        assert reply.refusal is None, (statement.sql, reply.refusal)
    session.run(Statement("reset session_replication_role"))


def _written(session: PipelineSession) -> Iterator[Statement]:
    for number, (name, column) in enumerate(session.run(Statement(_WRITTEN)).rows):
        table = str(name)
        if column is not None:
            change = f"update {table} set {quote(column)} = {quote(column)}"
            yield Statement(f"{change} where {_OF_SO_MANY.format(8)}")
        yield Statement(f"delete from {table} where {_OF_SO_MANY.format(16)}")
        # The newest rows lie in the last pages, and are the ends of many an index.
        yield Statement(f"delete from {table} where {_AT_THE_END.format(literal(table))}")
        if number % 2:
            yield Statement(f"analyze {table}")
