"""Functions: body emptied, volatility, strictness, security, settings, gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Function

_BODY = re.compile(r"AS (\$\w*\$)(.*)\1", re.DOTALL)
_VOLATILITIES = ("volatile", "stable", "immutable")
_WRITES = re.compile(
    r"\b(insert|update|delete|merge|execute|perform|call|lock|create|alter)\b", re.IGNORECASE
)
_OWNER_RUNS = "it is run by its owner, and refused or not by what the owner may do"


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each function."""
    for function in catalog.functions:
        if function.kind not in ("function", "procedure"):
            continue
        yield from _body(function)
        yield from _attributes(function)


def _planted(
    function: Function, operator: str, *sql: str, change: str = "", why: str = ""
) -> Fault:
    return planted(operator, function.name, None, *sql, change=change, explained=why)


def _body(function: Function) -> Iterator[Fault]:
    what = f"{function.kind.upper()} {function.name.sql}({function.arguments})"
    yield _planted(function, "function-dropped", f"DROP {what} CASCADE")
    rename = f"ALTER {what} RENAME TO pgassay_other"
    triggers = "a trigger holds on to its function, whatever the name"
    yield _planted(
        function, "function-renamed", rename, why=triggers if function.returns == "trigger" else ""
    )
    yield _planted(function, "function-comment", f"COMMENT ON {what} IS 'other'", why="a comment")
    found = _BODY.search(function.definition)
    if found is None:
        return
    head, tail = function.definition[: found.start(2)], function.definition[found.end(2) :]
    if function.language == "plpgsql":
        bodies = {"emptied": "BEGIN RETURN NULL; END"}
        if function.kind == "procedure" or function.returns == "void":
            bodies = {"emptied": "BEGIN END"}
        elif function.returns == "trigger":
            bodies = {"emptied": "BEGIN RETURN NEW; END", "swallows": "BEGIN RETURN NULL; END"}
    elif function.language == "sql":
        bodies = {"emptied": f"SELECT NULL::{function.returns}"}
    else:
        return
    for change, body in bodies.items():
        yield _planted(function, "function-body", head + body + tail, change=change)
    commented = f"{found[2].rstrip()}\n-- other\n"
    yield _planted(
        function, "function-text", head + commented + tail, why="a comment within the body"
    )


def _attributes(function: Function) -> Iterator[Fault]:
    alter = f"ALTER {function.kind.upper()} {function.name.sql}({function.arguments})"
    harmless = "" if _WRITES.search(function.definition.partition(" AS ")[2]) else "it only reads"
    if function.kind == "function":
        for volatility in _VOLATILITIES:
            if volatility != function.volatility:
                yield _planted(
                    function, "function-volatility", f"{alter} {volatility.upper()}",
                    change=f"to {volatility}", why=harmless,
                )  # fmt: skip
        yield _planted(
            function, "function-cost", f"{alter} COST 77 PARALLEL SAFE", why="plans only"
        )
    security = "INVOKER" if function.security_definer else "DEFINER"
    yield _planted(function, "function-security", f"{alter} SECURITY {security}", why=_OWNER_RUNS)
    for setting in function.settings:
        name = setting.partition("=")[0]
        yield _planted(
            function, "function-setting", f"{alter} RESET {name}", change=f"{name} lost",
            why="" if name == "search_path" else "how long it waits, not what it does",
        )  # fmt: skip
    yield _planted(
        function, "function-setting", f"{alter} SET statement_timeout TO '77min'",
        change="added", why="how long it may take, not what it does",
    )  # fmt: skip
