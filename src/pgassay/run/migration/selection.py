"""Which revisions are validated, and what the database holds before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, SchemaError, suggestion
from pgassay.run.migration.branch import added_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pgassay.core.route import Revision

BASE = "base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Some revisions of a history that stand on top of each other.

    Args:
        revisions: those that are validated, in the order in which they run.
        before: the ids that the version table holds before them; none on an empty database.
        earlier: all revisions that have run before.
        why: how they were chosen, in words.
    """

    revisions: tuple[Revision, ...]
    before: tuple[str, ...]
    earlier: tuple[Revision, ...]
    why: str

    @property
    def label(self) -> str:
        """`0009`, or `0009 to 0011`."""
        first, last = self.revisions[0].id, self.revisions[-1].id
        return first if first == last else f"{first} to {last}"


def select(
    history: Sequence[Revision], wanted: str | None, *, base: str | None, root: Path
) -> Selection:
    """Return the revisions that a person means.

    Args:
        history: all revisions, parents before children.
        wanted: a revision (or the beginning of its id), `head`, `A:B` (what lies between A, which
            has run, and B; `base:B` from the very first), or None: what the current git branch
            adds, else head.
        base: the branch that the current one is held against.
        root: the folder from which paths of revisions are told.

    Raises:
        ConfigError: there is no such revision or branch, or nothing lies between two.
        SchemaError: there is no revision at all, or several heads where one was meant.
    """
    if not history:
        raise SchemaError(
            "there is no revision",
            expected="at least one migration",
            fix="alembic revision --autogenerate -m initial",
        )
    if wanted is None:
        chosen = _of_branch(history, base, root)
        if chosen:
            return _selection(history, chosen, f"what the branch adds over {base or 'main'}")
        return _selection(history, [_head(history)], "the head: the branch adds no revision")
    if base is not None:
        raise ConfigError(
            f'both "{wanted}" and a branch were named',
            where="--base",
            expected="revisions, or a branch that says which ones",
        )
    if ":" in wanted:
        return _between(history, wanted)
    return _selection(history, [_named(history, wanted)], "as named")


def each(history: Sequence[Revision]) -> list[Selection]:
    """Return every revision by itself."""
    return [_selection(history, [one], "each by itself") for one in history]


def _of_branch(history: Sequence[Revision], base: str | None, root: Path) -> list[Revision]:
    added = added_files(root, base) or frozenset()
    return [one for one in history if (root / one.path).resolve() in added]


def _between(history: Sequence[Revision], wanted: str) -> Selection:
    start, _, end = wanted.partition(":")
    last = _named(history, end or "head")
    left = set() if start in ("", BASE) else _line(history, [_named(history, start).id])
    reached = _line(history, [last.id])
    chosen = [one for one in history if one.id in reached - left]
    if not chosen:
        raise ConfigError(
            f"no revision lies between {start} and {last.id}",
            where=wanted,
            expected="A:B, where B comes after A; A itself has run already",
            fix=f"{last.id}:{start} is the other way round; {last.id} alone is validated by "
            f"pgassay migration {last.id}",
        )
    return _selection(history, chosen, f"between {start or BASE} and {last.id}")


def _named(history: Sequence[Revision], wanted: str) -> Revision:
    """Return a revision by its id or by a beginning of it that only one has."""
    if wanted in ("head", "heads"):
        return _head(history)
    found = [one for one in history if one.id == wanted]
    found = found or [one for one in history if wanted and one.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigError(
            f'"{wanted}" is the beginning of {len(found)} revisions',
            expected=", ".join(one.id for one in found),
        )
    raise ConfigError(
        f'there is no revision "{wanted}"',
        expected=suggestion(wanted, [one.id for one in history]),
    )


def _head(history: Sequence[Revision]) -> Revision:
    parents = {parent for one in history for parent in one.parents}
    heads = [one for one in history if one.id not in parents]
    if len(heads) > 1:
        raise SchemaError(
            "there are several heads: " + ", ".join(str(one) for one in heads),
            expected="one head, or the name of one of these",
            why="which of them comes last is left to chance",
            fix=f"alembic merge -m merge {' '.join(one.id for one in heads)}",
        )
    return heads[0]


def _selection(history: Sequence[Revision], chosen: Sequence[Revision], why: str) -> Selection:
    ids = {one.id for one in chosen}
    parents = [parent for one in chosen for parent in one.parents if parent not in ids]
    ran = _line(history, parents) - ids
    passed = {parent for one in history if one.id in ran for parent in one.parents}
    return Selection(
        revisions=tuple(chosen),
        before=tuple(one.id for one in history if one.id in ran - passed),
        earlier=tuple(one for one in history if one.id in ran),
        why=why,
    )


def _line(history: Sequence[Revision], ids: Iterable[str]) -> set[str]:
    """Return revisions and all that comes before them."""
    known = {one.id: one for one in history}
    found: set[str] = set()
    ahead = list(ids)
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += known[one].parents
    return found
