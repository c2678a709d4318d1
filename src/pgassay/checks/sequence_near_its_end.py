"""A sequence has used up most of its numbers.

What it finds: a sequence that has given out more than `percent` of the numbers between its start
and its end, or the end of the column that it fills, where that is nearer. One that begins again
(CYCLE) is left out.

Why it hurts: after the last number every INSERT is refused (2200H, 22003). Changing integer to
bigint then rewrites the table while nothing can be written.

Bad:
    create table event (id integer generated always as identity primary key);
    select setval('event_id_seq', 2000000000);

Good:
    create table event (id bigint generated always as identity primary key);
    select setval('event_id_seq', 2000000000);

Fix: make the column bigint while there is time, by a second column that is filled in portions; and
the sequence.

When to ignore: the rows come so slowly that the rest lasts for years.

Reference: PostgreSQL documentation, chapter Numeric Types; CREATE SEQUENCE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Sequence

NEED = Need.DATA
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED
OPTIONS = {"percent": 75}

_ENDS = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}
_ASKED = """select schemaname, sequencename, last_value from pg_catalog.pg_sequences
where last_value is not null order by schemaname, sequencename"""


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the sequences that come to their end; of those that the role may not read, none."""
    assert ground.rows is not None
    known = {sequence.name: sequence for sequence in ground.catalog.sequences}
    for schema, name, value in ground.rows.run(Statement(_ASKED)).rows:
        sequence = known.get(QualifiedName(str(schema), str(name)))
        if sequence is None or sequence.cycle:
            continue
        first, last = _span(sequence, ground)
        used = 100 * abs(int(str(value)) - first) / max(abs(last - first), 1)
        if used >= ground.options["percent"]:
            column = f"{sequence.owned_by}.{sequence.owned_column}" if sequence.owned_by else ""
            yield Problem(
                subject=Subject(object=str(sequence.name)),
                found=f"it is at {int(str(value)):,} of {last:,}: {used:.0f} percent",
                expected=f"less than {ground.options['percent']} percent",
                evidence=(f"it fills {column}",) if column else (),
            )


def _span(sequence: Sequence, ground: Ground) -> tuple[int, int]:
    """Return the first number of a sequence and the last that it, and its column, can hold."""
    if sequence.increment < 0:
        return sequence.start, sequence.minimum
    last = sequence.maximum
    owner = ground.relations.by_name.get(sequence.owned_by) if sequence.owned_by else None
    if owner is not None and sequence.owned_column is not None:
        last = min(last, _ENDS.get(owner.column(sequence.owned_column).type.base, last))
    return sequence.start, last
