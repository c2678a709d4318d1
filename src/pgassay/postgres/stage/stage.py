"""The stage itself: made from a snapshot, set to a size, asked for plans and for nothing else.

The database is one that a route built, on a throwaway server whose data directory can be reached.
Its catalogs get the snapshot's sizes and statistics; then the server stops, the files are grown,
and it starts again. Another size, or another index, is the same once more.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import MOST_BLOCKS, Held, IndexSeen
from pgassay.postgres.servers.local import LocalServer
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.stage import inventory
from pgassay.postgres.stage.ends import write_ends
from pgassay.postgres.stage.explaining import StageExplainer
from pgassay.postgres.stage.files import Files, FileWish
from pgassay.postgres.stage.matching import Match, align_partitions, leaves, match
from pgassay.postgres.stage.restoring import restore, restore_together
from pgassay.staging import pages, sizing
from pgassay.staging.scaling import scaled
from pgassay.staging.sizing import widths
from pgassay.staging.stand_ins import with_stand_ins

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from collections.abc import Set as AbstractSet

    from pgassay.core.snapshot import RelationSeen, Snapshot
    from pgassay.core.statement import Statement
    from pgassay.postgres.servers import Server
    from pgassay.postgres.stage.inventory import IndexThere

_MARK = "a pgassay stage: it has no rows, and plans are all that it can be asked for"
_REFERENCES = """
select n.nspname, c.relname, a.attname
from pg_constraint f
join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
where f.contype = 'f' and cardinality(f.conkey) = 1
"""


class Ingredient(StrEnum):
    """What a stage is made of, besides the rows' number: each can be left out."""

    STATISTICS = "statistics"
    FILES = "file sizes"
    HEIGHTS = "heights of indexes"
    ENDS = "ends of indexes"
    TOGETHER = "extended statistics"


class Stage:
    """A database without rows that the planner sees as the snapshot says.

    Nobody else may be connected to its server: it is stopped and started again.

    Attributes:
        database: its name.
        snapshot: as it is shown now, at `scale`.
        scale: how many times the rows of what was taken.
        differences: what the snapshot or the schema alone has.
        told: what is missing, and what stands for it.
    """

    def __init__(
        self,
        server: Server,
        database: str,
        snapshot: Snapshot,
        *,
        own: AbstractSet[QualifiedName] = frozenset(),
        without: Collection[Ingredient] = (),
        strict: bool = False,
    ) -> None:
        """Prepare the database; `set_scale` makes it what it is to be.

        Args:
            server: with the data directory at hand.
            database: what a route built, with nobody connected.
            snapshot: what it is to show.
            own: tables that tools keep their books in.
            without: ingredients to leave out.
            strict: refuse a schema that differs from the snapshot's.

        Raises:
            MachineError: the server's files cannot be reached, or have no holes.
            ConfigError: the snapshot is of another block size, or differs and that is refused.
        """
        server = within_reach(server)
        if snapshot.block_size != pages.PAGE:
            raise ConfigError(
                f"the snapshot is of a server with pages of {snapshot.block_size:,} bytes",
                expected=f"pages of {pages.PAGE:,} bytes, as this server has",
            )
        self.snapshot, self.scale = snapshot, 0.0
        self.differences: tuple[str, ...] = ()
        self.told: list[str] = []
        self.database = database
        self._server, self._own = server, own
        self._without = frozenset(without)
        self._files = Files(server.data, server.identity)
        self._files.check_holes()
        self._connection: psycopg.Connection[Any] | None = None
        self._checked = False
        self._originals: dict[str, bytes] = {}
        filled, bare = with_stand_ins(snapshot, inventory.partition_keys(self._open()))
        if bare and not snapshot.values:
            few = ", ".join(bare[:3]) + (f" and {len(bare) - 3} more" if len(bare) > 3 else "")  # noqa: PLR2004 - a few
            self.told.append(f"no stand-ins for the values of {few}: the planner's defaults")
        self._taken = filled
        try:
            self._prepare(strict=strict)
        except BaseException:
            self.close()
            raise

    def set_scale(self, scale: float) -> None:
        """Show so many times the rows of the snapshot.

        Raises:
            ConfigError: a relation would be larger than one can be, or a value is none of its type.
            MachineError: the disk is full, or the server does not start again.
        """
        shown = scaled(self._taken, scale, self._references)
        self._see_that_it_fits(shown, scale)
        connection = self._open()
        statistics = Ingredient.STATISTICS not in self._without
        found = match(connection, shown, self._own)
        restore(connection, found, statistics=statistics, where="snapshot")
        self._stop()
        if Ingredient.FILES not in self._without:
            for wish in self._wishes(found):
                self._files.make(wish, self._original(wish.path))
        self._server.launch()
        self.snapshot, self.scale = shown, scale

    def explainer(self, *, kept: Collection[str] = ()) -> StageExplainer:
        """Return what explains statements here; it holds until the size changes.

        Args:
            kept: names of settings that the system declares.
        """
        names = {setting.name for setting in self.snapshot.settings}
        return StageExplainer(PipelineSession(self._open()), kept={*kept, *names})

    def make_indexes(self, statements: Collection[Statement]) -> dict[Statement, QualifiedName]:
        """Make indexes that are not there, for nothing, and show the stage with them.

        Returns:
            The names that they got; those that cannot be made are not among them.
        """
        self._stop()
        for path, content in self._originals.items():
            self._files.shrink(path, content)
        self._server.launch()
        connection = self._open()
        made: dict[Statement, QualifiedName] = {}
        for statement in statements:
            before = {one.oid for one in inventory.indexes(connection)}
            try:
                with connection.transaction():
                    connection.execute(statement.sql.encode())
            except psycopg.Error:
                continue  # no operator class for the type
            new = [one for one in inventory.indexes(connection) if one.oid not in before]
            whole = [one for one in new if one.parent is None]
            if whole:
                made[statement] = whole[0].name
        self.set_scale(self.scale)
        return made

    def pages_of(self, index: QualifiedName) -> int:
        """Return how many pages an index has here, with those of its partitions."""
        row = (
            self._open()
            .execute(
                "select pg_catalog.pg_relation_size(%s::regclass) + coalesce("
                "(select sum(pg_catalog.pg_relation_size(relid))"
                " from pg_catalog.pg_partition_tree(%s::regclass) where level > 0), 0)",
                [index.sql, index.sql],
            )
            .fetchone()
        )
        return int(row[0]) // pages.PAGE if row else 0

    @property
    def size(self) -> int:
        """Bytes that the relations seem to have."""
        return self.snapshot.size

    def taken(self) -> int:
        """Return the bytes that the data directory really takes."""
        return self._files.taken()

    def close(self) -> None:
        """Let go of the connection; the server is whose it was."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = self._server.connect(self.database)
        return self._connection

    def _stop(self) -> None:
        self.close()
        self._server.halt()
        if self._checked:  # a page that is changed here would be refused
            self._server.disable_checksums()
            self._checked = False

    def _prepare(self, *, strict: bool) -> None:
        """Make the partitions, the ends and the settings."""
        connection = self._open()
        self._checked = connection.execute("show data_checksums").fetchone() == ("on",)
        self.told += self._elsewhere(connection)
        problems = align_partitions(connection, self._taken)
        found = match(connection, self._taken, self._own)
        self.differences = (*problems, *found.differences)
        if strict and self.differences:
            raise ConfigError(
                "the schema differs from the snapshot's: " + "; ".join(self.differences),
                expected="the same tables, columns and indexes",
                fix="migrate to what production has, or go on without --strict",
            )
        if Ingredient.ENDS not in self._without:
            self.told += write_ends(connection, found)
        if Ingredient.TOGETHER not in self._without:
            self.told += restore_together(connection, found)
        self._settings(connection)

    def _elsewhere(self, connection: psycopg.Connection[Any]) -> Iterator[str]:
        """Yield in what the server that the snapshot is of differs from this one."""
        there, here = self._taken.version // 10000, self._server.major
        if there != here:
            yield (
                f"production runs PostgreSQL {there} and the stage {here}, whose planner may "
                f"decide otherwise: --postgres {there}"
            )
        row = connection.execute(
            "select datcollate from pg_catalog.pg_database where datname = current_database()"
        ).fetchone()
        if row is not None and self._taken.collation not in ("", row[0]):
            yield (
                f"production sorts text by {self._taken.collation} and the stage by {row[0]}: "
                "what is estimated of ranges of text may be wrong (the system's locale)"
            )

    def _settings(self, connection: psycopg.Connection[Any]) -> None:
        """Set what the planner goes by there, and mark the database."""
        sql = psycopg.sql
        database = sql.Identifier(self.database)
        for setting in self._taken.settings:
            alter = sql.SQL("alter database {} set {} = {}").format(
                database, sql.Identifier(setting.name), sql.Literal(setting.value)
            )
            try:
                connection.execute(alter)
            except psycopg.Error as refused:
                said = refused.diag.message_primary or str(refused)
                self.told.append(f"{setting.name} = {setting.value} cannot be set: {said}")
        connection.execute(
            sql.SQL("comment on database {} is {}").format(database, sql.Literal(_MARK))
        )

    @cached_property
    def _references(self) -> frozenset[tuple[QualifiedName, str]]:
        rows = self._open().execute(_REFERENCES).fetchall()
        return frozenset((QualifiedName(schema, table), column) for schema, table, column in rows)

    def _original(self, path: str) -> bytes:
        """Return what a file held when it was small; the server is stopped."""
        if path not in self._originals:
            self._originals[path] = self._files.content(path)
        return self._originals[path]

    def _wishes(self, found: Match) -> Iterator[FileWish]:
        """Yield what each file is to be, of a stopped server; what nobody measured is estimated."""
        tables = {there.oid: relation for relation, there in found.tables}
        for relation, there in leaves(found):
            if there.path is not None and relation.kind in (Held.TABLE, Held.VIEW):
                yield FileWish(path=there.path, blocks=relation.blocks)
        for seen, index in found.indexes:
            if index.path is not None and not index.divided:
                yield self._index(seen, index, tables[index.table])
        for index in found.unknown:
            if index.path is not None and not index.divided:
                relation = tables[index.table]
                yield self._index(estimated(index, relation), index, relation)

    def _index(self, seen: IndexSeen, there: IndexThere, relation: RelationSeen) -> FileWish:
        assert there.path is not None
        content = self._original(there.path)
        made: dict[int, bytes] = {}
        heights = Ingredient.HEIGHTS not in self._without
        if there.method == "btree":
            height = seen.height
            if height is None or not heights:
                height = sizing.height(seen.blocks, widths(relation, seen.keys)) if heights else 0
            made = dict(pages.btree(content, height, seen.blocks))
        elif there.method == "gin":
            made = dict(pages.gin(content, seen.gin if heights else None))
        elif there.method == "brin" and heights:
            last = seen.last_map or pages.brin_last_map(content, relation.blocks)
            made = dict(pages.brin(content, last))
        return FileWish(path=there.path, blocks=seen.blocks, pages=made)

    def _see_that_it_fits(self, shown: Snapshot, scale: float) -> None:
        for relation in shown.relations:
            for name, blocks in (
                (relation.name, relation.blocks),
                *((index.name, index.blocks) for index in relation.indexes),
            ):
                if blocks >= MOST_BLOCKS:
                    raise ConfigError(
                        f"{name} would have more than {MOST_BLOCKS:,} pages",
                        where=f"--scale {scale:g}",
                        expected="at most 32 TiB a relation, as PostgreSQL has it",
                        fix="partition the table, or ask at a smaller scale",
                    )


def within_reach(server: Server) -> LocalServer:
    """Return a server whose files can be changed while it is stopped.

    Raises:
        MachineError: it is in a container, or somebody else's.
    """
    if isinstance(server, LocalServer):
        return server
    raise MachineError(
        f"the data directory of the {server.kind} server is out of reach",
        expected="a server that pgassay starts from programs on this machine",
        why="its files are made as long as production's while it is stopped",
        fix="--server embedded, or --server system",
    )


def estimated(there: IndexThere, relation: RelationSeen) -> IndexSeen:
    """Return how large an index would be that the snapshot does not know."""
    each = widths(relation, there.keys)
    rows = max(relation.rows, 0.0)
    blocks = sizing.btree_pages(rows, each, sizing.kinds_of(relation, there.keys, rows))
    return IndexSeen(
        name=there.name,
        method=there.method,
        keys=there.keys,
        rows=rows,
        pages=blocks,
        blocks=blocks,
        height=sizing.height(blocks, each) if there.method == "btree" else None,
    )
