"""A profile that was taken from a database, as TOML."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgassay.volumes.taking import Missing

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def toml(document: Mapping[str, Any], missing: Iterable[Missing] = ()) -> str:
    """Return a profile as a file: a line for each column, and what is missing as comments."""
    taken = document["taken"]
    lines = [
        "# A profile taken from the planner's statistics; docs/profiles.md explains the words.",
        *(f"# missing: {_one_line(str(one))}" for one in missing),
        f"size = {_value(document['size'])}",
        "",
        "[taken]",
        *(f"{_key(key)} = {_value(value)}" for key, value in taken.items()),
    ]
    for name, table in document["tables"].items():
        lines += _table(name, table)
    return "\n".join(lines) + "\n"


def _table(name: str, table: Mapping[str, Any]) -> list[str]:
    lines = ["", f"[tables.{_key(name)}]"]
    if "rows" in table:
        lines.append(f"rows = {table['rows']}")
    if "fixed" in table:
        lines.append("fixed = true")
    if "partitions" in table:
        lines.append(f"partitions = {_value(table['partitions'])}")
    if "together" in table:
        lines += ["together = [", *(f"  {_value(one)}," for one in table["together"]), "]"]
    if "statistics" in table:
        lines.append(f"[tables.{_key(name)}.statistics]")
        lines += [f"{_key(key)} = {_value(value)}" for key, value in table["statistics"].items()]
    return lines


def _key(name: str) -> str:
    return name if _BARE.match(name) else _text(name)


def _value(value: object) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if value != int(value) else f"{value:.1f}"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    """Return a basic string; JSON escapes as TOML does, all but DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
