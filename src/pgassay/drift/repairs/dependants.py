"""What stands in the way of changing a column's type, taken down before and put up after.

A view, a policy, a trigger or a rule that names the column makes the server refuse the change
(ALTER TABLE, SET DATA TYPE). Which ones name it is told from the deparsed text: one too many is
only built again as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.drift.ddl.rights import identity_of, word_of
from pgassay.drift.ddl.tables import (
    constraint_statements,
    index_statements,
    policy_statements,
    rule_statements,
    trigger_statements,
    view_statements,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pgassay.core.catalog import Catalog, Table, Trigger, View
    from pgassay.core.names import QualifiedName


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """The statements before and after a change."""

    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def set_aside(
    columns: Mapping[QualifiedName, Collection[str]],
    catalog: Catalog,
    type_name: QualifiedName | None = None,
) -> Aside:
    """Return what takes down everything that names one of the columns, and puts it up again.

    With `type_name`, the indexes and CHECK constraints whose text names that type as well.
    """
    aside = Aside()
    views = _views(columns, catalog)
    aside.before.extend(f"DROP {word_of(v)} {identity_of(v)};" for v in reversed(views))
    for table in catalog.tables:
        if table.name in columns and table.partition is None:
            _of_table(table, columns[table.name], aside)
            if type_name is not None:
                _of_type(table, type_name, aside)
    for view in views:
        aside.after.extend(view_statements(view))
    return aside


def _of_table(table: Table, columns: Collection[str], aside: Aside) -> None:
    name = table.name.sql
    for policy in table.policies:
        if _names(f"{policy.using} {policy.check}", map(quote, columns)):
            aside.before.append(f"DROP POLICY {quote(policy.name)} ON {name};")
            aside.after.extend(policy_statements(policy, table))
    for trigger in table.triggers:
        if not trigger.inherited and _speaks_of(trigger, columns):
            aside.before.append(f"DROP TRIGGER {quote(trigger.name)} ON {name};")
            aside.after.extend(trigger_statements(trigger, table))
    for rule in table.rules:
        if _names(rule.definition, map(quote, columns)):
            aside.before.append(f"DROP RULE {quote(rule.name)} ON {name};")
            aside.after.extend(rule_statements(rule, table))


def _speaks_of(trigger: Trigger, columns: Collection[str]) -> bool:
    in_condition = _names(trigger.condition or "", (f".{quote(c)}" for c in columns))
    return in_condition or not set(columns).isdisjoint(trigger.columns)


def _of_type(table: Table, type_name: QualifiedName, aside: Aside) -> None:
    for index in table.indexes:
        texts = [index.predicate or "", *(key.expression or "" for key in index.keys)]
        if index.constraint is None and any(_names(t, [type_name.sql]) for t in texts):
            aside.before.append(f"DROP INDEX {quote(table.name.schema)}.{quote(index.name)};")
            aside.after.extend(index_statements(index, table))
    for constraint in table.constraints:
        if not constraint.inherited and _names(constraint.expression or "", [type_name.sql]):
            aside.before.append(
                f"ALTER TABLE {table.name.sql} DROP CONSTRAINT {quote(constraint.name)};"
            )
            aside.after.extend(constraint_statements(constraint, table))


def _views(columns: Mapping[QualifiedName, Collection[str]], catalog: Catalog) -> list[View]:
    """Return the views that name the columns, and those on top of them, the lowest first."""
    found: list[View] = []
    waiting = [
        view
        for view in catalog.views
        for table, names in columns.items()
        if _names(view.definition, [table.sql]) and _names(view.definition, map(quote, names))
    ]
    while waiting:
        view = waiting.pop(0)
        if view in found:
            found.remove(view)  # it stands on something found later
        found.append(view)
        waiting += [v for v in catalog.views if v != view and _names(v.definition, [view.name.sql])]
    return found


def _names(text: str, names: Iterable[str]) -> bool:
    return any(
        re.search(rf'(?<![\w"$]){re.escape(n)}(?![\w"$])', text)
        if not n.startswith(".")
        else re.search(rf'{re.escape(n)}(?![\w"$])', text)
        for n in names
    )
