"""What a comparison leaves out, as a system declares it.

What only migrations create (a team's triggers, functions, grants) is declared as patterns of a
kind and a name: `function public.touch_updated_at()`, `trigger *.set_updated_at`,
`grant public.users.reporting`, `row security public.*`. Names are written as SQL writes them, with
their schema; `*` stands for anything. A pattern that matches nothing is itself a finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.errors import ConfigError, suggestion
from pgassay.drift.promises import THINGS, How

if TYPE_CHECKING:
    from pgassay.core.config import PartitionRule
    from pgassay.core.names import QualifiedName

BOOKKEEPING = frozenset(
    """
    alembic_version flyway_schema_history databasechangelog databasechangeloglock
    schema_migrations django_migrations atlas_schema_revisions goose_db_version _sqlx_migrations
    __diesel_schema_migrations refinery_schema_history _prisma_migrations knex_migrations
    knex_migrations_lock pgmigrations _yoyo_log _yoyo_migration _yoyo_version yoyo_lock
    """.split()  # noqa: SIM905 - a list of names reads better as words
)
"""Tables in which migration tools keep their own books, in any schema."""

_KINDS = frozenset(
    [thing.word for thing in THINGS.values()]
    + [kind.value for kind in ConstraintKind]
    + ["materialised view", "procedure", "aggregate", "window", "partition"]
    + [
        promise.word
        for thing in THINGS.values()
        for promise in thing.fields.values()
        if promise.how in (How.VALUE, How.SET)
    ]
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One declared exception: a kind of object or of fact, and a name with `*`."""

    text: str
    kind: str
    name: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Return the pattern; ConfigError where its kind is unknown or its name is missing."""
        kinds = sorted((k for k in _KINDS if text.startswith(f"{k} ")), key=len)
        name = text[len(kinds[-1]) :].strip() if kinds else ""
        if not name:
            head = text.rpartition(" ")[0] or text
            raise ConfigError(
                f'"{text}" does not say what only migrations create',
                expected=f"a kind and a name; {suggestion(head, _KINDS)}",
                fix='write for instance "function public.touch_updated_at()" or '
                '"trigger *.set_updated_at"',
            )
        glob = ".*".join(re.escape(part) for part in name.split("*"))
        return cls(text=text, kind=kinds[-1], name=re.compile(glob))

    def matches(self, kinds: tuple[str, ...], name: str) -> bool:
        """Whether an object of one of these kinds and of that name is meant."""
        return self.kind in kinds and self.name.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftPolicy:
    """What a comparison leaves out.

    Args:
        only_migrations: patterns of what only migrations create. ConfigError for a kind that
            does not exist.
        bookkeeping: further tables in which tools keep their books.
        partitions: how wide the partitions of a table are; told by the promised catalog itself
            where it has some.
    """

    only_migrations: tuple[str, ...] = ()
    bookkeeping: tuple[QualifiedName, ...] = ()
    partitions: tuple[PartitionRule, ...] = ()
    patterns: tuple[Pattern, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read the patterns, so that a wrong one is told before anything runs."""
        parsed = tuple(Pattern.parse(text) for text in self.only_migrations)
        object.__setattr__(self, "patterns", parsed)

    def is_bookkeeping(self, table: QualifiedName) -> bool:
        """Whether a tool keeps its books there."""
        return table.name in BOOKKEEPING or table in self.bookkeeping
