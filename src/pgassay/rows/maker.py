"""The row maker: for any table of a catalog, a valid row with its parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session, Value
    from pgassay.rows.row import Row

    class RowSource(Protocol):
        """What a factory gives: the content of one row, keys and references aside."""

        def __call__(self, number: int) -> Mapping[str, Value]:
            """Return values in text for some columns of row `number`; the maker fills the rest."""
            ...


class RowMaker:
    """Makes valid rows. Deterministic: the same catalog, sources and number give the same row.

    Args:
        catalog: the contract.
        sources: factories, by table.
        ask: a session on a database that holds the contract, to let the server judge CHECKs.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        sources: Mapping[QualifiedName, RowSource] | None = None,
        ask: Session | None = None,
    ) -> None:
        self.catalog = catalog
        self._sources = dict(sources or {})
        self._ask = ask

    def value(self, table: Table, column: Column, number: int = 0) -> Value:
        """Return a value for one column, different for each number where the type allows."""
        raise NotImplementedError

    def row(
        self,
        table: Table,
        number: int = 0,
        *,
        parents: Mapping[str, Row] | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> Row:
        """Return a valid row; `parents` by name of foreign key, `values` fixed by the caller.

        Every column that can be written gets an explicit value (generated ones do not), optional
        references are NULL unless a parent is given. Raises `Unsatisfiable`, naming the
        constraint, where a bounded search finds no row.
        """
        raise NotImplementedError

    def graph(
        self,
        table: Table,
        number: int = 0,
        *,
        optional: bool = False,
        values: Mapping[str, Value] | None = None,
    ) -> tuple[Row, ...]:
        """Return the row and all the parents it needs, parents first, the row itself last.

        With `optional`, nullable references are filled as well. Rows of two numbers share no
        unique value. Cycles are closed through a nullable or a deferrable side.
        """
        raise NotImplementedError
