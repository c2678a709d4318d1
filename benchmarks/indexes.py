"""What needs each index of the reference systems, as a document.

    python -m benchmarks.indexes --markdown docs/indexes.md

Runs `pgassay bench --indexes` at `small` and writes its matrix: counts for both systems, every
index of creativeflow, and of pulse what nothing needs.
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.config import load_config
from pgassay.core.event import FindingMade, PhaseFinished, Told
from pgassay.run.bench import BenchOrder, bench
from pgassay.run.stand import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"(?P<index>\S+) \((?P<size>[\d,]+ kB)\): (?P<why>.+)")
_SHOWN = 3  # queries named in a line
_HEAD = """\
# What needs each index

Written by `python -m benchmarks.indexes`, from `pgassay bench --indexes` at `small`: each index is
hidden once, and all hot queries that read its table are asked again. A query needs it if it touches
a fifth more pages, and at least five more, without it; a foreign key, if the delete of a parent
would then read the whole table.

Of creativeflow's eleven that nothing needs at `small`, four are needed at `medium`, where their
tables are no longer a few pages: the status of subscriptions, the role of team members, category
and tags of templates. The other seven belong to the tables of AI models, which have as many rows
at every size, a few pages each: reading all of them is right, and no believable volume changes
that. The documents list these indexes, so they stay, and the queries that expect them are told.
"""


def document(system: str, *, whole: bool) -> Iterator[str]:
    """Yield a system's part of the document."""
    config = load_config(Path())
    request = Request(config=config, system=config.system(system), today=datetime.now(UTC).date())
    rows, findings, counts = [], [], {}
    inside = False
    for event in bench(request, BenchOrder(phases=("plans", "indexes"))):
        match event:
            case Told(text=text) if found := _LINE.fullmatch(text):
                rows.append(found)
            case FindingMade(finding=finding) if finding.slug.startswith("index_"):
                findings.append(finding)
            case PhaseFinished(phase="indexes"):
                counts, inside = dict(event.counts), True
    assert inside, "the server does not let indexes be hidden"
    yield f"## {system}"
    yield ""
    yield ", ".join(f"{number} {what}" for what, number in counts.items()) + "."
    yield ""
    for finding in findings:
        size = finding.found.split(";")[0]
        yield f"- `{finding.subject}`: {finding.title} ({size})"
    if findings:
        yield ""
    if whole:
        yield "| index | size | needed by |"
        yield "|---|--:|---|"
        for found in rows:
            yield f"| {found['index']} | {found['size']} | {_short(found['why'])} |"
        yield ""


def _short(why: str) -> str:
    parts = []
    for part in why.split("; "):
        if part.startswith("queries "):
            names = part.removeprefix("queries ").split(", ")
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            parts.append(f"{', '.join(names[:_SHOWN])}{more}")
        else:
            parts.append(part)
    return "; ".join(parts)


def main() -> int:
    """Write the document."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--markdown", type=Path, required=True, help="the document")
    given = parser.parse_args()
    lines = [_HEAD, *document("creativeflow", whole=True), *document("pulse", whole=False)]
    given.markdown.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
