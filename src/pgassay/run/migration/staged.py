"""Two stages of one server: the schema before the revisions and that behind, at production's size.

The revisions run there as well, on next to no rows; what they make of production's sizes is derived
from what they made of relations, columns and indexes.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgassay.core.errors import PgassayError, TrialError
from pgassay.core.snapshot import Held
from pgassay.core.statement import Statement
from pgassay.plans.places import Places
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.stage import Stage, inventory, within_reach
from pgassay.postgres.stage.layout import Asked, read_layout
from pgassay.postgres.stage.matching import align_partitions, match
from pgassay.run.migration.before import NAME
from pgassay.run.migration.planting import Planting
from pgassay.run.production import ReachableStand, StageBench
from pgassay.run.routes import target_of
from pgassay.run.stage_values import StageValues
from pgassay.staging.deriving import derived
from pgassay.staging.stand_ins import with_stand_ins

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from typing import Any, Self

    import psycopg

    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Route
    from pgassay.core.snapshot import Snapshot
    from pgassay.run.migration.ground import Ground
    from pgassay.run.stage_values import Elsewhere
    from pgassay.run.stand import Request


class StagedStand(ReachableStand):
    """The schema at the revision before, without rows, on a server of its own."""

    def __init__(self, request: Request, route: Route) -> None:
        self._route = route
        super().__init__(request)

    def _routes(self) -> Mapping[str, Route]:
        return {NAME: self._route}

    def copy(self, database: str) -> str:
        """Return the name of a copy of a database, all numbers of its relations the same."""
        return self._copy(database)

    def rest(self) -> None:
        """Let go of every connection."""
        self._rest()


@dataclass(frozen=True, kw_only=True)
class StagedSchema:
    """One of the two: its stage, and the names there."""

    stage: Stage
    places: Places

    def bench(self, kept: Collection[str], elsewhere: Elsewhere) -> StageBench:
        """Return what asks hot queries here."""
        explainer = self.stage.explainer(kept=kept)
        values = StageValues(self.stage.snapshot, self.places, explainer, elsewhere)
        return StageBench(self.places, explainer, values)


@dataclass(kw_only=True)
class Stages:
    """Both stages; a context manager.

    Attributes:
        differences: between the snapshot and the schema before, in words.
        fits_behind: whether there are fewer of them to the schema behind.
        doubts: what is not certain of the sizes and statistics behind, by table.
        before: the schema before the revisions.
        behind: that behind them.
    """

    ground: Ground
    snapshot: Snapshot
    differences: tuple[str, ...] = ()
    fits_behind: bool = False
    doubts: Mapping[QualifiedName, tuple[str, ...]] = field(default_factory=dict)
    before: StagedSchema = field(init=False)
    behind: StagedSchema = field(init=False)
    _stand: StagedStand = field(init=False)
    _exit: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Make them.

        Raises:
            SchemaError: the revisions fail.
            ConfigError: a value of the snapshot is none of its column's type.
            MachineError: no server whose files can be reached.
        """
        try:
            self._make()
        except BaseException:
            self._exit.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the server."""
        self._exit.close()

    def _make(self) -> None:
        ground = self.ground
        # The models, the factories and the rules speak of the newest schema.
        system = replace(
            ground.request.system, metadata=None, sql=None, ddl=None, rules=None, factories=None
        )
        request = replace(ground.request, system=system)
        self._stand = self._exit.enter_context(StagedStand(request, ground.stand.routes[NAME]))
        server = within_reach(self._stand.server)
        first = self._stand.clone()
        own = self._stand.bookkeeping | set(ground.bookkeeping)
        lived = self._exit.enter_context(ground.server.connect(ground.upgraded))
        with server.connect(first) as connection:
            taken, _ = with_stand_ins(self.snapshot, inventory.partition_keys(connection))
            self.differences = tuple(_differences(connection, taken, own))
            before = read_layout(connection)
            fitted = derived(taken, before, before, Asked(connection, before, lived))
        second, lost = self._migrated(first, fitted.snapshot)
        with server.connect(second) as connection:
            there = list(_differences(connection, taken, own, align=False))
            self.fits_behind = len(there) < len(self.differences)
            behind = read_layout(connection)
            asked = Asked(connection, behind, lived)
            made = derived(fitted.snapshot, before, behind, asked)
        self._stand.rest()
        self.doubts = _together(fitted.doubts, made.doubts, lost)
        self.before = self._staged(first, fitted.snapshot, own)
        self.behind = self._staged(second, made.snapshot, own)

    def _staged(
        self, database: str, snapshot: Snapshot, own: AbstractSet[QualifiedName]
    ) -> StagedSchema:
        """Make a database a stage; the server is stopped and started for it."""
        with self._stand.server.connect(database) as connection:
            places = Places(read_catalog(connection, exclude=own))
        stage = Stage(self._stand.server, database, snapshot, own=own)
        self._exit.callback(stage.close)
        stage.set_scale(1.0)
        return StagedSchema(stage=stage, places=places)

    def _migrated(
        self, first: str, fitted: Snapshot
    ) -> tuple[str, Mapping[QualifiedName, tuple[str, ...]]]:
        """Return a copy of a database behind the revisions, and what that could not be done with.

        A revision that divides a table may look at its rows for which partitions it makes: it gets
        one for each value of the key that production's statistics know.
        """
        divided = self._divided()
        rows: list[Statement] = []
        lost: dict[QualifiedName, tuple[str, ...]] = {}
        planting = Planting(self.ground)
        for table, key in divided.items():
            values = _values(fitted, table, key)
            try:
                rows += planting.with_values(table, key, values)
            except PgassayError as error:
                lost[table.name] = (f"{_UNSEEN.format(table.name)}: {error.found}",)
        database = self._stand.copy(first)
        try:
            self._put(database, rows)
            self._upgrade(database)
        except PgassayError as error:
            if not rows:
                raise
            lost = {
                table.name: (f"{_UNSEEN.format(table.name)}: {error.found}",) for table in divided
            }
            database = self._stand.copy(first)
            self._upgrade(database)
        with self._stand.server.connect(database) as connection:
            tables = [
                one.name.sql for one in inventory.relations(connection).values() if one.kind in "rp"
            ]
            if tables:
                connection.execute(f"truncate {', '.join(tables)} cascade".encode())
        return database, lost

    def _divided(self) -> Mapping[Table, str]:
        """Return the tables that the revisions divide, and by which column, where it is one."""
        before = {table.name: table for table in self.ground.before.tables}
        found: dict[Table, str] = {}
        for table in self.ground.after.roots():
            was, key = before.get(table.name), table.partition_key
            if was is None or key is None or was.partition_key is not None:
                continue
            if len(key.columns) == 1 and key.columns[0] is not None:
                found[was] = key.columns[0]
        return found

    def _put(self, database: str, rows: Sequence[Statement]) -> None:
        if not rows:
            return
        whole = (Statement("begin"), *rows, Statement("commit"))
        with self._stand.server.connect(database) as connection:
            for reply in PipelineSession(connection).run_all(whole):
                if reply.refusal:
                    raise TrialError(reply.refusal.message)

    def _upgrade(self, database: str) -> None:
        ground = self.ground
        with ground.on(target_of(self._stand.server, database)) as history:
            for _ in ground.upgrade(history):
                pass


_UNSEEN = "which partitions the revision makes of {} for production's rows could not be seen"


def _differences(
    connection: psycopg.Connection[Any],
    taken: Snapshot,
    own: AbstractSet[QualifiedName],
    *,
    align: bool = True,
) -> Iterator[str]:
    """Yield how a schema differs from a snapshot; which partitions there are is made the same.

    A table that only one of the two has divided is one difference, whatever its partitions are.
    """
    there = inventory.relations(connection)
    kinds = {one.name: one.kind for one in taken.relations}
    other = {
        name for name, one in there.items() if name in kinds and (one.kind, kinds[name]) in _DIVIDED
    }
    for name in sorted(other):
        here, elsewhere = "snapshot", "schema"
        if there[name].kind == Held.PARTITIONED:
            here, elsewhere = elsewhere, here
        yield f"{name} is partitioned in the {here} and not in the {elsewhere}"
    layout = read_layout(connection)
    parts = {part.name for name in other for part in layout.below(name)}
    alike = replace(
        taken,
        relations=tuple(
            one for one in taken.relations if one.name not in other and one.parent not in other
        ),
    )
    if align:
        yield from align_partitions(connection, alike)
    yield from match(connection, alike, own | other | parts).differences


_DIVIDED = (("r", "p"), ("p", "r"))


def _values(snapshot: Snapshot, table: Table, key: str) -> tuple[str, ...]:
    """Return the values of a column that the statistics know."""
    relation = snapshot.relation(table.name)
    column = relation.column(key) if relation else None
    known = next(iter(column.statistics), None) if column else None
    return tuple(dict.fromkeys((*known.bounds, *known.values))) if known else ()


def _together(
    *doubts: Mapping[QualifiedName, tuple[str, ...]],
) -> Mapping[QualifiedName, tuple[str, ...]]:
    found: dict[QualifiedName, tuple[str, ...]] = {}
    for some in doubts:
        for name, told in some.items():
            found[name] = (*found.get(name, ()), *told)
    return found
