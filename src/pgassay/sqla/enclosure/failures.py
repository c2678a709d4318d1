"""What went wrong in a project's code, in the parts of a SchemaError."""

from __future__ import annotations

import sys
import traceback
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import SchemaError
from pgassay.sqla.enclosure.guard import LIBRARY, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST = 1500


def failure_of(error: BaseException, root: Path, *, doing: str, fix: str | None) -> SchemaError:
    """Return the SchemaError for an exception that a project's code let out.

    Args:
        error: the exception.
        root: the project's folder.
        doing: what was going on, in words: `importing shop.models`.
        fix: what to do, unless the error itself says more.
    """
    cause = database_error(error)
    where = place_of(error, root)
    if cause is not None:
        return SchemaError(
            f"{doing} fails: {cause}",
            where=where,
            why="the server refused it",
            fix=fix,
        )
    if isinstance(error, SystemExit):
        return SchemaError(f"{doing} ends the program (exit {error.code!r})", where=where, fix=fix)
    return SchemaError(
        f"{doing} fails: {cause_of(error)}",
        where=where,
        fix=_advice(error) or fix,
    )


def cause_of(error: BaseException) -> str:
    """Return an exception in one line, the way Python ends a traceback."""
    return " ".join("".join(traceback.format_exception_only(error)).split())[:_LONGEST]


def database_error(error: BaseException) -> str | None:
    """Return the server's word on a statement: message, SQLSTATE, detail, the statement."""
    for one in _chain(error):
        original = getattr(one, "orig", None) or one
        sqlstate = _sqlstate(original)
        if sqlstate is None:
            continue
        message = _field(original, "message_primary", "M") or str(original).splitlines()[0]
        lines = [f"{message} (SQLSTATE {sqlstate})"]
        for name, code in (("detail", "D"), ("hint", "H")):
            if text := _field(original, f"message_{name}", code) or getattr(original, name, None):
                lines.append(f"{name}: {text}")
        if statement := getattr(one, "statement", None):
            lines.append(f"statement: {shortened(str(statement))}")
        return "\n".join(lines)
    return None


def shortened(statement: str) -> str:
    """Return a statement without outer blanks and not longer than a screen."""
    text = statement.strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def place_of(error: BaseException, root: Path) -> str | None:
    """Return `file:line` of the innermost line of the project on the way to the exception."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{told(error.filename, root)}:{error.lineno}"
    place = None
    for one in _chain(error):
        for frame in traceback.extract_tb(one.__traceback__):
            name = frame.filename
            if not name.startswith((*LIBRARY, "<")):
                place = f"{told(name, root)}:{frame.lineno}"
        if place:
            return place
    return place


def failing_step(error: BaseException) -> Any:
    """Return Alembic's step that was running, from the frame of its loop."""
    one: BaseException | None = error
    while one is not None:
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if frame.f_code.co_name == "run_migrations" and "step" in frame.f_locals:
                step = frame.f_locals["step"]
                if hasattr(step, "revision") and hasattr(step, "is_upgrade"):
                    return step
        one = one.__cause__ or one.__context__
    return None


def _advice(error: BaseException) -> str | None:
    for one in _chain(error):
        if isinstance(one, KeyError) and _raised_by_environ(one):
            return (
                f'set it for pgassay: environment = ["{one.args[0]}={{url}}"] in the system\'s '
                "configuration fills in the throwaway's URL; the bare name lets your own value "
                "through"
            )
        if isinstance(one, RuntimeError) and "application context" in str(one):
            return (
                "pgassay starts no application: let env.py make it where there is none, as in "
                "create_app().app_context().push()"
            )
        if isinstance(one, ModuleNotFoundError) and one.name:
            top = one.name.partition(".")[0]
            if top in sys.modules or find_spec(top) is not None:
                return f"check the spelling: {top} is there, {one.name} is not"
            return f"install {top} where pgassay runs, or put it in the project's folder"
    return None


def _raised_by_environ(error: KeyError) -> bool:
    frames = list(traceback.walk_tb(error.__traceback__))
    return bool(frames) and frames[-1][0].f_globals.get("__name__") == "os" and bool(error.args)


def _sqlstate(error: Any) -> str | None:
    value = (
        getattr(error, "sqlstate", None)
        or getattr(error, "pgcode", None)
        or _field(error, "sqlstate", "C")
    )
    return value if isinstance(value, str) else None


def _field(error: Any, name: str, code: str) -> str | None:
    """Return one field of the server's report: psycopg's by name, pg8000's by its code."""
    if error.args and isinstance(error.args[0], dict):
        value = error.args[0].get(code)
    else:
        value = getattr(getattr(error, "diag", None), name, None)
    return value if isinstance(value, str) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
