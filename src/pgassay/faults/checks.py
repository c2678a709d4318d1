"""CHECK constraints: lists grown and shrunk, bounds moved by one, comparisons, NULL, the whole.

The expression is PostgreSQL's deparsed text, cut into tokens so that a number inside a string and
a word inside a quoted name stay what they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.core.catalog import Catalog, Constraint, ConstraintKind, Table
from pgassay.core.names import quote
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""[EB]?'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|\d+(?:\.\d+)?|[^\W\d]\w*"""
    r"|::|<>|<=|>=|[<>=]+(?![-+*/~!@#%^&|`?])|[\[\](),]|\s+|.",
    re.DOTALL,
)
_COUNTED = re.compile(r"\(*num_(?:non)?nulls\([^()]*\) [<>=]+ \d+\)*")
_SWAPS = {
    ">": ">=",
    ">=": ">",
    "<": "<=",
    "<=": "<",
    "=": "<>",
    "<>": "=",
    "AND": "OR",
    "OR": "AND",
}
_ENFORCED_FROM = 18
_CHECKED_LATER = "rows written from now on are checked all the same"


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each CHECK of a table."""
    for table in catalog.tables:
        for check in table.of_kind(ConstraintKind.CHECK):
            yield from _of_check(catalog, table, check)


def _of_check(catalog: Catalog, table: Table, check: Constraint) -> Iterator[Fault]:
    expression = check.expression or ""
    for operator, change, text in mutations(expression):
        yield _changed(operator, table, check, text, change)
    known = all(table.column(name).not_null for name in check.columns)
    explained = "its columns are NOT NULL: it is never unknown" if known else ""
    if _COUNTED.fullmatch(expression):
        explained = "it counts NULLs: it is never unknown"
    refused = f"({expression}) IS TRUE"
    yield _changed("check-null", table, check, refused, "NULL refused", explained)
    if check.validated and check.enforced:
        yield _changed("check-not-valid", table, check, expression, "", _CHECKED_LATER, "NOT VALID")
        if catalog.major >= _ENFORCED_FROM:
            yield _changed("check-not-enforced", table, check, expression, tail="NOT ENFORCED")
    if not check.no_inherit and table.partition_key is None:
        childless = "the table has no children"
        yield _changed("check-no-inherit", table, check, expression, "", childless, "NO INHERIT")


def _changed(  # noqa: PLR0917 - in the order in which a sentence would say them
    operator: str,
    table: Table,
    check: Constraint,
    expression: str,
    change: str = "",
    explained: str = "",
    tail: str = "",
) -> Fault:
    name, on = quote(check.name), table.name.sql
    own = "NO INHERIT" if check.no_inherit else ""
    clause = " ".join(filter(None, (f"CHECK ({expression})", own, tail)))
    return planted(
        operator,
        table.name,
        check.name,
        f"ALTER TABLE {on} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {clause}",
        change=change,
        explained=explained,
    )


def mutations(expression: str) -> Iterator[tuple[str, str, str]]:
    """Yield operator, what changed, and the changed expression, one change at a time."""
    tokens = _TOKEN.findall(expression)
    yield from _lists(tokens)
    for at, token in enumerate(tokens):
        around = "".join(tokens[max(0, at - 2) : at + 3]).strip()
        before = "".join(tokens[:at]).rstrip()
        if token in _SWAPS and not _quantified(tokens, at):
            changed = _with(tokens, at, _SWAPS[token])
            yield "check-comparison", f"{token} to {_SWAPS[token]} in {around} ({at})", changed
        elif token[0].isdigit() and not before.endswith(("character varying(", "numeric(")):
            for step in (-1, 1):
                moved = _moved(token, step)
                change = f"{token} to {moved} ({at})"
                yield "check-bound", change, _with(tokens, at, f"({moved})")


def _quantified(tokens: list[str], at: int) -> bool:
    """Whether the operator belongs to `= ANY (…)`, whose list is changed instead."""
    rest = (token for token in tokens[at + 1 :] if not token.isspace())
    return next(rest, "") in ("ANY", "ALL")


def _moved(number: str, step: int) -> str:
    whole, point, fraction = number.partition(".")
    if not point:
        return str(int(whole) + step)
    digits = int(whole + fraction) + step
    sign, text = "-" if digits < 0 else "", str(abs(digits)).rjust(len(fraction) + 1, "0")
    return f"{sign}{text[: -len(fraction)]}.{text[-len(fraction) :]}"


def _with(tokens: list[str], at: int, text: str) -> str:
    return "".join([*tokens[:at], text, *tokens[at + 1 :]])


def _lists(tokens: list[str]) -> Iterator[tuple[str, str, str]]:
    for start in range(len(tokens)):
        if tokens[start : start + 2] != ["ARRAY", "["]:
            continue
        end, items = _items(tokens, start + 2)
        head, tail = "".join(tokens[: start + 2]), "".join(tokens[end:])
        for at, item in enumerate(items):
            if len(items) > 1:
                rest = ",".join(items[:at] + items[at + 1 :])
                yield "check-list-shrunk", f"without {item.strip()}", head + rest + tail
        grown = _other_item(items)
        if grown is not None:
            yield (
                "check-list-grown",
                f"with {grown.strip()}",
                head + ",".join([*items, grown]) + tail,
            )


def _items(tokens: list[str], at: int) -> tuple[int, list[str]]:
    depth, items = 0, [""]
    while depth or tokens[at] != "]":
        depth += (tokens[at] in "([") - (tokens[at] in ")]")
        if tokens[at] == "," and not depth:
            items.append("")
        else:
            items[-1] += tokens[at]
        at += 1
    return at, items


def _other_item(items: list[str]) -> str | None:
    """Return one item more, as long as the longest, so that it fits the column."""
    longest = max(items, key=len)
    found = re.search(r"'((?:[^']|'')+)'", longest)
    if found:
        last = "!" if found[1][-1] != "!" else "?"
        return (
            longest[: found.start(1)]
            + found[1][:-1].removesuffix("'")
            + last
            + longest[found.end(1) :]
        )
    number = re.search(r"\d+", longest)
    if number:
        return longest[: number.start()] + str(int(number[0]) + 1) + longest[number.end() :]
    return None
