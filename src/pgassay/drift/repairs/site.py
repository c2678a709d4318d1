"""Where a repair takes place: the difference, what is on either side of it, and both catalogs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import Function, View
from pgassay.core.names import quote

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog
    from pgassay.drift.difference import Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A difference with what its repair needs to look up."""

    difference: Difference
    promised_catalog: Catalog
    built_catalog: Catalog

    @property
    def promised(self) -> Any:
        """The promised object."""
        return self.difference.promised

    @property
    def built(self) -> Any:
        """The built object."""
        return self.difference.built

    @property
    def promised_in(self) -> Any:
        """The table, view or type that holds the promised object."""
        return self.difference.promised_in

    @property
    def built_in(self) -> Any:
        """The table, view or type that holds the built object."""
        return self.difference.built_in

    def as_promised(self, value: Any) -> Any:
        """Return a view or a function under the names of its promised catalog.

        They are made after all renamings, unlike everything else, because the text of a view
        names columns without their table.
        """
        same: Any = None
        if isinstance(value, View):
            same = (v for v in self.promised_catalog.views if v.name == value.name)
        elif isinstance(value, Function):
            wanted = value.name, value.arguments
            functions = self.promised_catalog.functions
            same = (f for f in functions if (f.name, f.arguments) == wanted)
        return next(same, value) if same else value

    @property
    def field(self) -> str:
        """The field that differs."""
        return self.difference.field

    @property
    def wanted(self) -> Any:
        """The promised value of that field."""
        return getattr(self.promised, self.field)

    @property
    def found(self) -> Any:
        """The built value of that field."""
        return getattr(self.built, self.field)

    @property
    def alter_table(self) -> str:
        """`ALTER TABLE` with the table's name."""
        return f"ALTER TABLE {self.built_in.name.sql}"

    @property
    def alter_column(self) -> str:
        """`ALTER TABLE … ALTER COLUMN` with both names."""
        return f"{self.alter_table} ALTER COLUMN {quote(self.built.name)}"

    def built_with(self, **changes: Any) -> Any:
        """Return the built object with other values."""
        return replace(self.built, **changes)
