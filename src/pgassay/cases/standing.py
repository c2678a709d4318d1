"""The ground that cases about one table share: one row of it that stands, with its parents.

The same object for all kinds, so that their cases run on top of the same rows together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from pgassay.cases.population import Population

if TYPE_CHECKING:
    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.rows.maker import RowMaker
    from pgassay.rows.row import Row

_known: WeakKeyDictionary[RowMaker, dict[QualifiedName, Population]] = WeakKeyDictionary()


def standing(source: Source, table: Table) -> tuple[Population, Row]:
    """Return a population with one row of the table, which is its last; not to be added to.

    Raises `Unsatisfiable` where no row can be made.
    """
    cache = _known.setdefault(source.rows, {})
    if table.name not in cache:
        population = Population(source.rows)
        population.add(table)
        cache[table.name] = population
    return cache[table.name], cache[table.name].rows[-1]
