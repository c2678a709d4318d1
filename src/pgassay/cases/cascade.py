"""Deletes: what goes along, what is set null, what refuses, and that nothing else is touched.

What it finds
    A referential action that is not the promised one: CASCADE in place of SET NULL, a key that
    lets a delete through which it should refuse, a key that is missing or points elsewhere. For
    every table that others refer to, a family of rows is planted (a child for every key, down
    the whole tree, and a second family beside it), one row is deleted, and every row is looked
    at afterwards. Each restricting key is then shown to refuse, alone.

Why it hurts
    A wrong CASCADE destroys data in silence, and far from the delete that caused it. A wrong
    RESTRICT turns "delete my account" into an error that appears in production only.

Bad example
    invoices.customer_id REFERENCES customers ON DELETE CASCADE: the accounts go with the customer.

Good example
    invoices.customer_id REFERENCES customers ON DELETE RESTRICT, and customers are deactivated.

How to fix
    ALTER TABLE ... DROP CONSTRAINT ..., ADD CONSTRAINT ... FOREIGN KEY ... ON DELETE ...; build
    it NOT VALID first and validate it afterwards, so that the table is not locked while it is
    read.

When to ignore
    Never: if the migration is right, the models are wrong.

Reference
    PostgreSQL documentation: Constraints, Foreign Keys; CREATE TABLE, REFERENCES.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.cases.blast_radius import blast_radius
from pgassay.cases.consequence import Change, Consequences, Scene
from pgassay.cases.family import Grower, set_defaults
from pgassay.cases.population import Population
from pgassay.cases.put_back import deleted_and_put_back
from pgassay.cases.referential import RESTRICTING, Edge, edges
from pgassay.core.case import Case, Subject, Unproven
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Catalog, Table

_KIND = "cascade"
_WHY = "a wrong referential action destroys data in silence, or refuses a delete that must work"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the deletes of every table that is referred to, and the probe of RESTRICT."""
    known = edges(source.contract)
    defaults = set_defaults(source, known)
    grower = Grower(source, known, defaults)
    consequences = Consequences(known, defaults)
    for table in parents(source.contract, known):
        change = Change(
            kind=_KIND, table=table, name="delete", why=_WHY, promise=_promise(source, table)
        )
        made = partial(_scene, source, grower, change)
        try:
            scene = made()
        except Unsatisfiable as failure:
            yield _unproven(change.subject, "delete", str(failure))
            continue
        yield from consequences.cases(scene, toward=made)
    for edge in known:
        if edge.key.on_delete in RESTRICTING:
            yield _put_back(source, edge)
        if edge.id not in consequences.fired:
            yield _unproven(_subject(edge), "acts on a delete", "it was not seen to act on any row")


def _scene(source: Source, grower: Grower, change: Change, toward: Edge | None = None) -> Scene:
    """Make a family, and another one that must stay as it is."""
    population = Population(source.rows)
    family = grower.grow(population, change.table, toward=toward)
    grower.grow(population, change.table)
    return Scene(change=change, population=population, family=family)


def parents(catalog: Catalog, known: tuple[Edge, ...]) -> list[Table]:
    """Return the tables that a foreign key refers to, in the catalog's order."""
    names = {edge.parent for edge in known}
    return [table for table in catalog.tables if table.name in names]


def _put_back(source: Source, edge: Edge) -> Case | Unproven:
    try:
        return deleted_and_put_back(source, edge, _KIND)
    except Unsatisfiable as failure:
        return _unproven(_subject(edge), "parent deleted and put back", str(failure))


def _subject(edge: Edge) -> Subject:
    return Subject(object=str(edge.child.name), part=edge.key.name)


def _promise(source: Source, table: Table) -> str:
    reaches = blast_radius(source.contract, table).reaches
    return f"delete from {table.name}: " + "; ".join(str(reach) for reach in reaches)


def _unproven(subject: Subject, title: str, reason: str) -> Unproven:
    return Unproven(kind=_KIND, subject=subject, title=title, reason=reason, fails=True)
