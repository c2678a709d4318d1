"""What keeps unique keys apart: the row's number, its place among siblings, or values dealt out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.core.errors import ConfigError
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.volumes.columns import TEXTS, TIMES, WIDTHS
from pgassay.volumes.profile import Formula, Reference
from pgassay.volumes.shape import Unique, excluded, routing_columns, uniques_of
from pgassay.volumes.text_parts import head_and_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import Column
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.plan import SectionPlan, TablePlan

_KEYED = TEXTS | {"uuid", "bytea", *WIDTHS, "numeric"}
_COUNTS = {*WIDTHS, "numeric"}
_ROOM = 12  # a text shorter than that leaves no room for content and a number
_NUMBER = "1234567"  # a row's number, for trying


class UniqueKeys:
    """Decides for each unique key; `where` names the profile in messages."""

    def __init__(self, maker: RowMaker, where: str) -> None:
        self._maker = maker
        self._where = where

    def keep_apart(self, plan: TablePlan, section: SectionPlan) -> None:
        """Decide what keeps the unique keys of a section's rows apart."""
        for unique in uniques_of(plan.table):
            self._keep_apart(plan, section, unique)
        if excluded(plan.table):
            section.once.append(())

    def own(self, plan: TablePlan) -> None:
        """Find columns that are keys by the row's number, and leave them to nobody else."""
        table = plan.table
        primary = table.primary_key.columns if table.primary_key is not None else ()
        alone = [u.columns[0] for u in uniques_of(table) if len(u.columns) == 1]
        for name in alone:
            base = self._base(table.column(name))
            text = base in TEXTS and primary != (name,)
            if name not in plan.givers and base in _KEYED and not text:
                plan.keys.add(name)
        for name in primary:
            default = table.column(name).default or ""
            counted = table.column(name).identity or default.startswith("nextval(")
            if name not in plan.givers and (counted or "gen_random_uuid" in default):
                plan.keys.add(name)
        # A key among the columns of a reference: the row there must be one of this row's own.
        shared = [t for t in plan.ties.values() if set(primary) & set(t.columns)]
        inner = all(t.optional and len(t.columns) > 1 for t in shared)
        if len(primary) == 1 and shared and inner:
            plan.keys.add(primary[0])
        for name in plan.keys:
            plan.givers.pop(name, None)

    def _keep_apart(self, plan: TablePlan, section: SectionPlan, unique: Unique) -> None:
        """Decide what keeps a unique key apart."""
        columns = unique.columns
        if any(self._is_kept(plan, section, c) for c in columns):
            return
        ties = list(dict.fromkeys(plan.givers[c][0] for c in columns if c in plan.givers))
        routing = routing_columns(plan.table, self._maker.catalog)
        rest = [plan.table.column(c) for c in columns if c not in plan.givers and c not in routing]
        text = self._free_text(plan, rest)
        if text is not None:
            section.numbered.add(text)
            return
        grouped = self._grouped_by(section, ties)
        if grouped and unique.predicate is not None and not rest:
            section.calm.append(unique.predicate)
        elif self._counted(plan, section, rest, grouped=grouped):
            pass
        elif rest and (grouped or not ties) and all(self._is_finite(plan, c) for c in rest):
            self._deal(plan, section, unique, [c.name for c in rest], siblings=grouped)
        elif grouped and not rest:
            self._pair(section, ties, unique)
        elif ties and not rest:
            self._space(plan, section, ties)
        else:
            section.once.append(tuple(c.name for c in rest))

    def _counted(
        self,
        plan: TablePlan,
        section: SectionPlan,
        columns: Sequence[Column],
        *,
        grouped: bool,
    ) -> bool:
        """Whether a number or a date counts the rows of each parent, or of the table."""
        number = next((c.name for c in columns if self._base(c) in _COUNTS), None)
        day = next((c.name for c in columns if self._base(c) in TIMES and c != plan.birth), None)
        if grouped and number is not None:
            section.formulas[number] = Formula(position=1)
        elif grouped and day is not None:
            section.days.add(day)
        elif number is not None:
            plan.keys.add(number)
        return number is not None or (grouped and day is not None)

    def _pair(self, section: SectionPlan, ties: Sequence[str], unique: Unique) -> None:
        """Let siblings differ in another reference of the key, or each parent have one row."""
        others = [t for t in ties if t != section.group and not section.references[t].source]
        if others:
            section.distinct.add(others[0])
        elif section.most is None or section.most > 1:
            section.most, section.excuse = 1, f"{unique.name} allows one for each"

    def _space(self, plan: TablePlan, section: SectionPlan, ties: Sequence[str]) -> None:
        """Let one of the references of a key lead to a row of its own each time."""
        able = [tie for tie in ties if is_open(section.references[tie])]
        empty = [tie for tie in ties if plan.ties[tie].optional]
        if able:
            section.spaced.add(able[0])
        elif empty and section.references[empty[0]].earlier:
            section.references[empty[0]] = Reference(null=1.0)

    def _is_kept(self, plan: TablePlan, section: SectionPlan, column: str) -> bool:
        """Whether a column keeps a key apart already: it never repeats, or is NULL."""
        if column in plan.keys | section.numbered | section.formulas.keys():
            return True
        if section.spec.values.get(column, "") is None:
            return True
        if column not in plan.givers:
            return False
        reference = section.references[plan.givers[column][0]]
        return reference.null == 1.0 or reference.within == "."  # own children are nobody else's

    def _grouped_by(self, section: SectionPlan, ties: Sequence[str]) -> bool:
        """Whether rows stand together by one of the ties; they do if nothing says otherwise."""
        if section.group is not None:
            return section.group in ties
        able = [t for t in ties if is_open(section.references[t])]
        if not able:
            return False
        section.group = able[0]
        return True

    def _free_text(self, plan: TablePlan, columns: Sequence[Column]) -> str | None:
        """Return a text that may hold anything, the last one of a key."""
        rules = self._maker.rules(plan.table)
        for column in reversed(columns):
            kind = self._maker.types.base_type(column.type)
            room = kind.length is None or kind.length >= _ROOM
            plain = kind.base in TEXTS and not kind.array and kind.kind is TypeKind.BASE
            free = column.name not in rules.columns or self._takes_number(plan, column.name)
            if plain and room and free:
                return column.name
        return None

    def _takes_number(self, plan: TablePlan, column: str) -> bool:
        """Whether the CHECKs let a number into a text."""
        try:
            plain = self._maker.draft(plan.table, 0, {}, optional=True)
            length = self._maker.types.base_type(plan.table.column(column).type).length
            head, tail = head_and_tail(plain[column] or "", length, len(_NUMBER))
            fixed = {column: f"{head}{_NUMBER}{tail}"}
            self._maker.draft(plan.table, 0, fixed, optional=True)
        except Unsatisfiable:
            return False
        return True

    def _is_finite(self, plan: TablePlan, column: Column) -> bool:
        """Whether a column has few values that are all known."""
        kind = self._maker.types.base_type(column.type)
        rules = self._maker.rules(plan.table)
        listed = column.name in rules.columns and rules.listed(column.name)
        few = kind.kind is TypeKind.ENUM or kind.base == "bool" or bool(listed)
        return few and not kind.array

    def _deal(
        self,
        plan: TablePlan,
        section: SectionPlan,
        unique: Unique,
        columns: list[str],
        *,
        siblings: bool,
    ) -> None:
        if section.dealt:
            if set(section.dealt) <= set(columns) and section.siblings <= siblings:
                return
            raise ConfigError(
                f"{unique.name} and another key both need their own values",
                where=f"{self._where}: {plan.table.name}",
                expected="one key of listed values",
                fix="describe the table's rows with columns or weights of their own",
            )
        section.dealt, section.siblings = tuple(columns), siblings
        section.excuse = f"{unique.name} allows each value of {', '.join(columns)} once"

    def _base(self, column: Column) -> str:
        kind = self._maker.types.base_type(column.type)
        plain = kind.kind is TypeKind.BASE and not kind.array
        return kind.base if plain else ""


def is_open(reference: Reference) -> bool:
    """Whether a reference may lead to any row, so that its rows can stand together."""
    return not (reference.source or reference.within or reference.earlier or reference.null == 1.0)
