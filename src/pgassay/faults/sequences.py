"""Sequences: step, bounds, start, cycle, cache, owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each sequence, those of identity columns among them."""
    for sequence in catalog.sequences:
        alter = f"ALTER SEQUENCE {sequence.name.sql}"
        for operator, text in (
            ("sequence-increment", f"INCREMENT {sequence.increment * 2}"),
            ("sequence-descending", f"INCREMENT {-sequence.increment}"),
            ("sequence-maximum", f"MAXVALUE {sequence.maximum - 1}"),
            ("sequence-minimum", f"MINVALUE {sequence.minimum - 1}"),
            ("sequence-start", f"START {sequence.start + 1}"),
            ("sequence-restarted", f"START {sequence.start + 7} RESTART"),
            ("sequence-cycle", "NO CYCLE" if sequence.cycle else "CYCLE"),
            ("sequence-renamed", "RENAME TO pgassay_other"),
        ):
            explained = "a name" if operator == "sequence-renamed" else ""
            if operator == "sequence-minimum" and sequence.increment > 0 and not sequence.cycle:
                explained = "a sequence that ascends and does not cycle never meets its minimum"
            yield planted(operator, sequence.name, None, f"{alter} {text}", explained=explained)
        yield planted(
            "sequence-cache", sequence.name, None, f"{alter} CACHE {sequence.cache + 9}",
            explained="numbers are left out between sessions, which any sequence may do",
        )  # fmt: skip
        if sequence.owned_by and not sequence.identity:
            yield planted(
                "sequence-owner", sequence.name, None, f"{alter} OWNED BY NONE",
                explained="it outlives its table; nothing else differs",
            )  # fmt: skip
