"""The header of a query file: comment lines that a DBA can read, as data.

    -- name: a user's unread notifications, newest first
    -- why: every page of the application shows them
    -- often: 40 a second
    -- parameter user: notifications.user_id
    -- parameter since: select max(created_at) - interval '30 days' from notifications
    -- expect: index idx_notification_userid_isread_unread
    -- expect: at most 2 rows read for each row returned
    -- expect heaviest: at most 400 shared buffers

A line that begins with `--` and two or more blanks goes on with the one above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgassay.core.errors import ConfigError, suggestion
from pgassay.plans.phrases import expectation
from pgassay.plans.query import (
    RUNS,
    Expectation,
    PlanMode,
    QueryParameter,
    SourceKind,
    ValueSource,
)

KEYS = ("name", "why", "often", "parameter", "expect", "limit", "plans", "parallel", "statement")
_ENTRY = re.compile(r"--\s?(?P<key>[a-z]+)(?P<of>(?:\s+[^\s:]+)*?)\s*:(?:\s+|$)(?P<text>.*)")
_CONTINUED = re.compile(r"--\s{2,}(?P<text>\S.*)")
_COLUMN = re.compile(r'(?:(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)\.){1,2}(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)')
_TIME = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|min)")
_UNITS = {"ms": 1, "s": 1000, "min": 60_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the comment lines at the head of a query file say."""

    title: str
    why: str
    often: str
    parameters: tuple[QueryParameter, ...]
    expectations: tuple[Expectation, ...]
    modes: tuple[PlanMode, ...]
    limit_ms: int
    parallel: bool
    statement: str | None


@dataclass(slots=True)
class _Entry:
    key: str
    of: list[str]
    text: str
    line: int


def read_header(text: str, file: str) -> Header:
    """Return the header of a query file.

    Raises:
        ConfigError: it is damaged or incomplete; names the file and the line.
    """
    entries = _entries(text, file)
    single = {entry.key: entry for entry in entries if entry.key not in ("parameter", "expect")}
    for key, what in (("name", "what it is for"), ("why", "why it is hot")):
        if key not in single or not single[key].text:
            raise ConfigError(
                f'the header has no "-- {key}:" line',
                where=file,
                expected=f"{key}: {what}",
                why="a query that nobody can place is judged by nobody",
            )
    expectations = tuple(_expectation(e, file) for e in entries if e.key == "expect")
    return Header(
        title=single["name"].text,
        why=single["why"].text,
        often=single["often"].text if "often" in single else "",
        parameters=_parameters([e for e in entries if e.key == "parameter"], file),
        expectations=expectations,
        modes=_modes(single.get("plans"), file),
        limit_ms=_limit(single.get("limit"), file),
        parallel=_parallel(single.get("parallel"), file),
        statement=single["statement"].text if "statement" in single else None,
    )


def _entries(text: str, file: str) -> list[_Entry]:
    """Return the entries, each with what its continuation lines add."""
    found: list[_Entry] = []
    last: _Entry | None = None
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("--"):
            if line.strip():
                break
            continue
        if last is not None and (more := _CONTINUED.match(line)):
            last.text = f"{last.text} {more['text'].strip()}".strip()
            continue
        entry = _ENTRY.match(line)
        if entry is None:
            last = None  # an ordinary comment
            continue
        last = _Entry(entry["key"], entry["of"].split(), entry["text"].strip(), number)
        _check(last, seen, f"{file}:{number}")
        found.append(last)
    return found


def _check(entry: _Entry, seen: set[tuple[str, ...]], where: str) -> None:
    if entry.key not in KEYS:
        raise ConfigError(
            f'"{entry.key}" is no entry of a header',
            where=where,
            expected=suggestion(entry.key, KEYS),
            why="a misspelt entry would be ignored in silence",
        )
    allowed = {"parameter": 2, "expect": 1}.get(entry.key, 0)
    if len(entry.of) > allowed or (entry.key == "parameter" and not entry.of):
        forms = {
            "parameter": '"parameter NAME:", or "parameter NAME RUN:"',
            "expect": '"expect:", or "expect RUN:"',
        }
        raise ConfigError(
            f'"{" ".join([entry.key, *entry.of])}" is no entry of a header',
            where=where,
            expected=forms.get(entry.key, f'"{entry.key}:"'),
        )
    run = entry.of[-1:] if entry.key == "expect" else entry.of[1:]
    if run and run[0] not in RUNS:
        raise ConfigError(f'"{run[0]}" is no run', where=where, expected=suggestion(run[0], RUNS))
    identity = (entry.key, *entry.of)
    if entry.key != "expect" and identity in seen:
        raise ConfigError(
            f'"{" ".join(identity)}" stands there twice', where=where, expected="one line of it"
        )
    seen.add(identity)


def _parameters(entries: list[_Entry], file: str) -> tuple[QueryParameter, ...]:
    found: dict[str, dict[str, ValueSource]] = {}
    lines: dict[str, int] = {}
    for entry in entries:
        name, run = entry.of[0], entry.of[1] if len(entry.of) > 1 else None
        source = _source(entry, file)
        lines.setdefault(name, entry.line)
        sources = found.setdefault(name, {})
        if run is None and source.kind is SourceKind.COLUMN:
            for each in RUNS:
                sources.setdefault(each, source)
        sources[run or "typical"] = source
    for name, sources in found.items():
        if "typical" not in sources:
            raise ConfigError(
                f'the parameter "{name}" has no typical value',
                where=f"{file}:{lines[name]}",
                expected=f'"-- parameter {name}: …", or "-- parameter {name} typical: …"',
            )
    return tuple(
        QueryParameter(name=name, sources=tuple(sources.items()), line=lines[name])
        for name, sources in found.items()
    )


def _source(entry: _Entry, file: str) -> ValueSource:
    text = entry.text
    first = text.split(maxsplit=1)[0].lower() if text else ""
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        constant = text[1:-1].replace("''", "'")
        return ValueSource(kind=SourceKind.CONSTANT, text=constant, line=entry.line)
    if re.fullmatch(r"-?\d+(\.\d+)?|true|false", text):
        return ValueSource(kind=SourceKind.CONSTANT, text=text, line=entry.line)
    if first in ("select", "with", "values"):
        return ValueSource(kind=SourceKind.QUERY, text=text.rstrip("; "), line=entry.line)
    if _COLUMN.fullmatch(text):
        return ValueSource(kind=SourceKind.COLUMN, text=text, line=entry.line)
    raise ConfigError(
        f'"{text}" is no source of values' if text else "the parameter has no source",
        where=f"{file}:{entry.line}",
        expected="a column (table.column), a query for one value (select …), a constant "
        "('text', 42, true)",
        why="a query that is asked with made-up values says nothing of the real ones",
    )


def _expectation(entry: _Entry, file: str) -> Expectation:
    run = entry.of[0] if entry.of else None
    return expectation(entry.text, run=run, line=entry.line, file=file)


def _modes(entry: _Entry | None, file: str) -> tuple[PlanMode, ...]:
    if entry is None:
        return (PlanMode.CUSTOM,)
    words = [word for word in re.split(r"[\s,]+|\band\b", entry.text) if word]
    known = [mode.value for mode in PlanMode]
    for word in words or [""]:
        if word not in known:
            raise ConfigError(
                f'"{word}" is no kind of plan',
                where=f"{file}:{entry.line}",
                expected=suggestion(word, known),
            )
    return tuple(mode for mode in PlanMode if mode in words)


def _limit(entry: _Entry | None, file: str) -> int:
    if entry is None:
        return 10_000
    found = _TIME.fullmatch(entry.text)
    if found is None or float(found["number"]) == 0:
        raise ConfigError(
            f'"{entry.text}" is no time',
            where=f"{file}:{entry.line}",
            expected="500 ms, 2 s, 1 min",
            why="a query that runs longer is cancelled",
        )
    return max(1, round(float(found["number"]) * _UNITS[found["unit"]]))


def _parallel(entry: _Entry | None, file: str) -> bool:
    words = {"yes": True, "no": False}
    if entry is None:
        return False
    if entry.text not in words:
        raise ConfigError(
            f'"{entry.text}" is neither yes nor no',
            where=f"{file}:{entry.line}",
            expected="yes, no",
        )
    return words[entry.text]
