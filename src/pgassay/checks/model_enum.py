"""The words of an enum are others in the models than in the database.

What it finds:
    An Enum of the models whose labels are not those of the enum type in the database, or stand in
    another order.

Why it hurts:
    A label that the database lacks is refused when it is first written. One that the models lack
    makes every query that meets it fail with a LookupError. ORDER BY and < follow the order in the
    database.

Bad:
    class State(enum.Enum):
        new = "new"
        paid = "paid"
        void = "void"  # the database: CREATE TYPE state AS ENUM ('new', 'paid')

Good:
    ALTER TYPE state ADD VALUE 'void';

Fix:
    Add the label by a migration. Labels cannot be taken away or moved but by a new type.

When to ignore:
    While a label is being retired: rows may still have it.

Reference:
    PostgreSQL documentation, Enumerated Types; ALTER TYPE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import columns
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.DEPLOYED
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the enum types about whose labels the two disagree, each once."""
    types = {enum.name: enum for enum in ground.catalog.enums}
    seen = set()
    for model, promised, _, column in columns(ground):
        kind = types.get(column.type.name)
        if kind is None or not promised.labels or (kind.name, promised.labels) in seen:
            continue
        seen.add((kind.name, promised.labels))
        lacking = [label for label in promised.labels if label not in kind.labels]
        unknown = [label for label in kind.labels if label not in promised.labels]
        if kind.labels == promised.labels:
            continue
        found = "; ".join(
            part
            for part in (
                f"the database lacks {', '.join(map(literal, lacking))}" if lacking else "",
                f"the models lack {', '.join(map(literal, unknown))}" if unknown else "",
                "" if lacking or unknown else f"the order is {', '.join(kind.labels)}",
            )
            if part
        )
        yield Problem(
            subject=Subject(object=str(kind.name)),
            found=f"{found} (for {model.name}.{column.name})",
            expected=", ".join(promised.labels),
            fix="\n".join(
                f"ALTER TYPE {kind.name.sql} ADD VALUE {literal(label)}"
                f"{_place(label, promised.labels, kind.labels)};"
                for label in lacking
            ),
            source=model.source,
            discriminator="" if lacking or unknown else "order",
        )


def _place(label: str, wanted: tuple[str, ...], there: tuple[str, ...]) -> str:
    """Return where a label belongs: before the next one that is already there."""
    after = (one for one in wanted[wanted.index(label) + 1 :] if one in there)
    following = next(after, None)
    return f" BEFORE {literal(following)}" if following is not None else ""
