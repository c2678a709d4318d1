"""Key updates: what a new value in a referenced key does to the rows that refer to it.

What it finds
    An ON UPDATE action that is not the promised one. For every column of every referenced key a
    family of rows is planted, the key gets another value, and every row is looked at: those that
    must follow have the new value, those that must be set null are null, all others are as
    before. Each restricting key is shown to refuse, alone.

Why it hurts
    Natural keys do change (a country code, a user name, the owner in a composite key). If the
    action is missing the change fails in production; if it is CASCADE where nobody expects it, it
    rewrites rows far away under locks nobody planned for.

Bad example
    projects(workbench_id, user_id) REFERENCES workbenches(id, user_id), with NO ACTION: a
    workbench with projects can never be handed to another user.

Good example
    The same with ON UPDATE CASCADE: the projects move along.

How to fix
    ALTER TABLE ... DROP CONSTRAINT ..., ADD CONSTRAINT ... FOREIGN KEY ... ON UPDATE ...

When to ignore
    Never: if the migration is right, the models are wrong.

Reference
    PostgreSQL documentation: Constraints, Foreign Keys; CREATE TABLE, REFERENCES.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.cases.cascade import parents
from pgassay.cases.consequence import Change, Consequences, Scene
from pgassay.cases.family import Grower, set_defaults
from pgassay.cases.population import Population
from pgassay.cases.put_back import renamed_and_put_back
from pgassay.cases.referential import RESTRICTING, Edge, edges
from pgassay.cases.variation import variations
from pgassay.core.case import Case, Subject, Unproven
from pgassay.core.catalog import Action
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

_KIND = "key_update"
_WHY = "a key that changes must take along what refers to it, or be refused, as promised"
_RESTRICT_IS_23001_SINCE = 18


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the updates of every column of every referenced key, and the probe of RESTRICT."""
    known = edges(source.contract)
    defaults = set_defaults(source, known)
    grower = Grower(source, known, defaults)
    consequences = Consequences(known, defaults)
    for table in parents(source.contract, known):
        into = [edge for edge in known if edge.parent == table.name]
        for column in dict.fromkeys(c for e in into for c in e.key.referenced_columns):
            yield from _update(
                source,
                grower,
                consequences,
                table,
                column=column,
                reacting=[edge for edge in into if _has(edge, column)],
            )
    for edge in known:
        if edge.key.on_update in RESTRICTING:
            yield from _put_back(source, edge)
        if edge.id not in consequences.fired:
            reason = "it was not seen to act on any row"
            yield _unproven(_subject(edge), "acts on an update of the key", reason)


def _update(
    source: Source,
    grower: Grower,
    consequences: Consequences,
    table: Table,
    *,
    column: str,
    reacting: Sequence[Edge],
) -> Iterator[Case | Unproven]:
    subject = Subject(object=str(table.name), part=column)
    made = partial(_scene, source, grower, table, column=column, reacting=reacting)
    try:
        scene = made()
    except Unsatisfiable as failure:
        yield _unproven(subject, "update", str(failure))
        return
    yield from consequences.cases(scene, toward=made)


def _scene(
    source: Source,
    grower: Grower,
    table: Table,
    toward: Edge | None = None,
    *,
    column: str,
    reacting: Sequence[Edge],
) -> Scene:
    """Make a family, another one that must stay as it is, and a new value for the column.

    Raises `Unsatisfiable` where one of them cannot be had.
    """
    population = Population(source.rows)
    family = grower.grow(population, table, changes=frozenset([column]), toward=toward)
    grower.grow(population, table, changes=frozenset([column]))
    value = _other_value(source, population, population.rows[family.root], column, reacting)
    if value is None:
        where = f"{table.name}.{quote(column)}"
        raise Unsatisfiable("an update", "another value", where=where)
    actions = ", ".join(f"{edge} {edge.key.on_update}" for edge in reacting)
    change = Change(
        kind=_KIND,
        table=table,
        name="update",
        column=column,
        values={column: value},
        opening=_opening(table, column),
        why=_WHY,
        promise=f"update {table.name} set {quote(column)}: {actions}",
    )
    return Scene(change=change, population=population, family=family)


def _opening(table: Table, column: str) -> tuple[Statement, ...]:
    """A GENERATED ALWAYS identity takes no value from an UPDATE: relaxed for the case's time."""
    if table.column(column).identity != "ALWAYS":
        return ()
    name = f"{table.name.sql} alter column {quote(column)}"
    return (Statement(f"alter table {name} set generated by default"),)


def _other_value(
    source: Source, population: Population, root: Row, column: str, reacting: Sequence[Edge]
) -> Value:
    """Return a value that the key may take: another parent's, where it is a reference itself.

    But a new one where the parent is taken along, since it refers to the row in its turn.
    """
    table = root.table
    for key in sorted(table.foreign_keys, key=lambda k: -len(k.columns)):
        is_filled = all(root.values.get(c) is not None for c in key.columns)
        if column in key.columns and key.enforced and is_filled:
            pairs = dict(zip(key.columns, key.referenced_columns, strict=True))
            if any(_takes_along(edge, key, column, root, population) for edge in reacting):
                continue
            same = {there: root.values[here] for here, there in pairs.items() if here != column}
            parent = population.add(source.rows.table(key.references), values=same)
            return parent.values[pairs[column]]
    return next(variations(source, table, root.values, column), None)


def _takes_along(
    edge: Edge, key: Constraint, column: str, root: Row, population: Population
) -> bool:
    """Whether the parent by `key` gets the same new value, as a child by `edge`."""
    back = dict(zip(edge.key.referenced_columns, edge.key.columns, strict=True))
    there = dict(zip(key.columns, key.referenced_columns, strict=True))
    if edge.child.name != key.references or back[column] != there[column]:
        return False
    return edge.key.on_update is Action.CASCADE and any(
        row.table.name == edge.child.name
        and all(row.values.get(c) == root.values.get(r) for r, c in back.items())
        for row in population.rows
    )


def _put_back(source: Source, edge: Edge) -> Iterator[Case | Unproven]:
    """Yield the probe by the first column of the key that can be given away.

    Before 18 it is the only sign; from 18 on the SQLSTATE of a plain refusal is another one.
    """
    table = source.contract.table(edge.parent)
    title = "parent renamed and put back by one statement"
    try:
        for column in edge.key.referenced_columns:
            if any(column in key.columns for key in table.foreign_keys):
                continue
            if table.column(column).identity == "ALWAYS":
                continue
            case = renamed_and_put_back(source, edge, _KIND, column)
            if case:
                yield case
                return
    except Unsatisfiable as failure:
        yield _unproven(_subject(edge), title, str(failure))
        return
    if source.major < _RESTRICT_IS_23001_SINCE:
        reason = "no second row can take over the key, so RESTRICT and NO ACTION look alike"
        yield Unproven(kind=_KIND, subject=_subject(edge), title=title, reason=reason)


def _has(edge: Edge, column: str) -> bool:
    return column in edge.key.referenced_columns


def _subject(edge: Edge) -> Subject:
    return Subject(object=str(edge.child.name), part=edge.key.name)


def _unproven(subject: Subject, title: str, reason: str) -> Unproven:
    return Unproven(kind=_KIND, subject=subject, title=title, reason=reason, fails=True)
