"""The phrases of expectations: what may stand behind `-- expect:`, and what it means."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.plans.query import (
    EstimatesWithin,
    Expectation,
    Grows,
    Growth,
    Joins,
    NoSequentialScan,
    NoSort,
    NoSpill,
    Partitions,
    RowsPerRow,
    RowsRead,
    SharedBuffers,
    UsesIndex,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = r'(?:(?:"(?:[^"]|"")+"|[\w$]+)\.)?(?:"(?:[^"]|"")+"|[\w$]+)'
_NUMBER = r"(?P<number>\d[\d,_]*(?:\.\d+)?)"
_METHODS = {"nested loop": "Nested Loop", "hash": "Hash Join", "merge": "Merge Join"}
_METHOD = "|".join(_METHODS)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in re.findall(_NAME, text) if name not in ("or", "and"))


def _number(found: re.Match[str]) -> float:
    return float(re.sub(r"[,_]", "", found["number"]))


_LIST = rf"(?P<names>{_NAME}(?:(?:\s*,\s*|\s+or\s+|\s+and\s+){_NAME})*)"
_PHRASES: tuple[tuple[str, str, Callable[..., Expectation]], ...] = (
    (
        "index NAME",
        rf"index (?P<only>only )?{_LIST}",
        lambda m, **k: UsesIndex(names=_names(m["names"]), only=bool(m["only"]), **k),
    ),
    (
        "no sequential scan of TABLE",
        rf"no sequential scan(?: of {_LIST})?",
        lambda m, **k: NoSequentialScan(relations=_names(m["names"] or ""), **k),
    ),
    (
        "at most 1 partition of TABLE",
        rf"at most {_NUMBER} partitions? of (?P<name>{_NAME})",
        lambda m, **k: Partitions(relation=m["name"], most=int(_number(m)), **k),
    ),
    (
        "at most 2 rows read for each row returned",
        rf"at most {_NUMBER} rows? read (?:for each|per) row(?: returned| written)?",
        lambda m, **k: RowsPerRow(most=_number(m), **k),
    ),
    (
        "at most 100 rows read",
        rf"at most {_NUMBER} rows? read",
        lambda m, **k: RowsRead(most=_number(m), **k),
    ),
    (
        "at most 8 shared buffers",
        rf"at most {_NUMBER} (?:shared )?buffers?",
        lambda m, **k: SharedBuffers(most=int(_number(m)), **k),
    ),
    ("no spill", r"no spill", lambda m, **k: NoSpill(**k)),  # noqa: ARG005 - one shape for all
    ("no sort", r"no sort", lambda m, **k: NoSort(**k)),  # noqa: ARG005 - one shape for all
    (
        "estimates within 10 times",
        rf"estimates? within (?:a factor of )?{_NUMBER}(?: times)?",
        lambda m, **k: EstimatesWithin(factor=_number(m), **k),
    ),
    (
        "joins by nested loop or hash",
        rf"joins? by (?P<methods>(?:{_METHOD})(?:(?:,| or|, or) (?:{_METHOD}))*)",
        lambda m, **k: Joins(methods=_methods(m["methods"]), **k),
    ),
    (
        "growth at most logarithmic",
        rf"growth (?:at most )?(?P<growth>{'|'.join(g.value for g in Growth)})",
        lambda m, **k: Grows(most=Growth(m["growth"]), **k),
    ),
)
PHRASES = tuple(example for example, _, _ in _PHRASES)
"""One example of each phrase."""


def expectation(text: str, *, run: str | None, line: int, file: str) -> Expectation:
    """Return what a phrase means.

    Raises:
        ConfigError: it is none of the phrases; names the file and the line.
    """
    plain = " ".join(text.split()).rstrip(".")
    for _, pattern, build in _PHRASES:
        found = re.fullmatch(pattern, plain)
        if found:
            return build(found, text=plain, run=run, line=line)
    near = get_close_matches(plain, PHRASES, n=1, cutoff=0.5)
    meant = f'; did you mean "{near[0]}"?' if near else ""
    raise ConfigError(
        f'"{plain}" is no expectation',
        where=f"{file}:{line}",
        expected=f"one of: {'; '.join(PHRASES)}{meant}",
    )


def _methods(text: str) -> tuple[str, ...]:
    return tuple(method for word, method in _METHODS.items() if word in text)
