"""Writes the page: one file that asks for nothing; script and style are named by their hash."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import pgassay
from pgassay.report.figures import count, duration, size
from pgassay.report.listener import write_whole
from pgassay.report.page.drawing import short, visible
from pgassay.report.page.views import RunView, runs
from pgassay.report.tally import Tallies, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.codec import Json
    from pgassay.core.event import Event

_FOLDER = Path(__file__).parent / "templates"


class PageReport:
    """Writes `path` when closed.

    Args:
        path: the file.
        at: when the run began (ISO 8601); by default now.
    """

    def __init__(self, path: Path, *, at: str | None = None) -> None:
        self._path = path
        self._tallies = Tallies()
        self._at = at or datetime.now(UTC).isoformat(timespec="seconds")

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._tallies.hear(event)

    def close(self) -> None:
        """Write the file."""
        write_whole(self._path, page((tally, self._at) for tally in self._tallies.all))


def page(tallies: Iterable[tuple[Tally, str]], notes: Iterable[str] = ()) -> str:
    """Return the page of runs as HTML.

    Args:
        tallies: what was counted of each run, and when it began.
        notes: what a reader should know of the page itself: what was cut short, what is unknown.
    """
    script, style = (
        (_FOLDER / name).read_text(encoding="utf-8") for name in ("page.js", "page.css")
    )
    views = runs(tallies)
    return _environment().get_template("page.html").render(
        runs=views,
        title=_title(views),
        state=_state(views),
        notes=list(notes),
        version=pgassay.__version__,
        script=Markup(script),  # noqa: S704 - a file of this package
        style=Markup(style),  # noqa: S704 - as above
        script_hash=_hash(script),
        style_hash=_hash(style),
    )  # fmt: skip


def _title(views: list[RunView]) -> str:
    systems = dict.fromkeys(view.tally.system for view in views)
    commands = dict.fromkeys(
        view.tally.started.command for view in views if view.tally.started is not None
    )
    return " · ".join(filter(None, (", ".join(systems), ", ".join(commands)))) or "no run"


def _state(views: list[RunView]) -> str:
    states = {view.state for view in views}
    return next((s for s in ("findings", "cut-short", "clean") if s in states), "cut-short")


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("pgassay.report.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters.update(
        count=count, duration=duration, size=size, short=short, data=_data, rows=_rows
    )
    return made


def _shown(value: object) -> object:
    """Return what a template prints: text without controls, escaped by Jinja afterwards."""
    if isinstance(value, Markup):
        return value
    return visible(value) if isinstance(value, str) else value


def _rows(value: float | None) -> str:
    return "\N{EN DASH}" if value is None else f"{value:,.0f}"


def _data(value: Json) -> Markup:
    """Return JSON as it may stand within a script element: nothing in it ends the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return Markup(safe)  # noqa: S704 - what could end the element is an escape


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
