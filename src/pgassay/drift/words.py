"""Differences in words: one place where they become findings."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.drift.difference import Change, Difference, named
from pgassay.drift.promises import THINGS, Promise
from pgassay.drift.repairs import repair

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Privilege
    from pgassay.drift.policy import Pattern

SLUG = "drift"
_SHORT = 70  # characters of a value that still fit into a title


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Who promised and who built, and both catalogs, in which repairs look up dependants."""

    promised_by: str
    built_by: str
    promised: Catalog
    built: Catalog

    @property
    def promiser(self) -> str:
        """As in `the models say`."""
        return f"the {self.promised_by} {'say' if self.promised_by.endswith('s') else 'says'}"

    @property
    def builder(self) -> str:
        """As in `the migrations built`."""
        return f"the {self.built_by} built"


def finding(difference: Difference, sides: Sides) -> Finding:
    """Return a difference as a finding."""
    title, found, expected, why = _said(difference, sides)
    return Finding(
        slug=SLUG,
        subject=Subject(object=difference.object, part=difference.part),
        title=title,
        found=found,
        expected=expected,
        why=why,
        fix=repair(difference, sides.promised, sides.built),
        evidence=_evidence(difference, sides),
        severity=Severity.INFO if difference.change is Change.ORDER else Severity.ERROR,
        discriminator=_discriminator(difference, sides),
    )


def unused_pattern(pattern: Pattern, sides: Sides) -> Finding:
    """Return the finding of a declared exception that explains nothing."""
    return Finding(
        slug=SLUG,
        subject=Subject(object=pattern.text),
        title="declared as made by migrations only, and matches nothing",
        found=f"nothing that only the {sides.built_by} built has this kind and name",
        expected="an object, a right or a fact that the pattern names",
        why="an exception that matches nothing hides the next difference of that name",
        fix=f'take "{pattern.text}" out of only_migrations',
        discriminator=f"unused exception: {sides.promised_by}, {sides.built_by}",
    )


def _discriminator(difference: Difference, sides: Sides) -> str:
    what = [difference.thing, difference.aspect or difference.change.value]
    if difference.grantee:
        what = ["grant", difference.grantee]
    return f"{' '.join(what)}: {sides.promised_by}, {sides.built_by}"


def _said(difference: Difference, sides: Sides) -> tuple[str, str, str, str]:
    """Return title, found, expected and why."""
    if difference.note:
        note = difference.note
        return note.title, note.found, note.expected, note.why
    if difference.grantee:
        return _grant(difference, sides)
    return {
        Change.MISSING: _missing,
        Change.EXTRA: _extra,
        Change.RENAMED: _renamed,
        Change.ORDER: _order,
        Change.CHANGED: _changed,
    }[difference.change](difference, sides)


def _missing(difference: Difference, sides: Sides) -> tuple[str, str, str, str]:
    what = f"{difference.thing} {named(difference.promised)}"
    within = "its parent has it, the partition does not"
    title = within if difference.built_in is not None and _is_lack(difference) else (
        f"{sides.promiser} there is {what}, {sides.builder} none"
    )  # fmt: skip
    why = THINGS[type(difference.promised)].missing
    return title, f"no {what}", _whole(difference.promised, what), why


def _is_lack(difference: Difference) -> bool:
    return named(difference.promised_in) != named(difference.built_in)


def _extra(difference: Difference, sides: Sides) -> tuple[str, str, str, str]:
    what = f"{difference.thing} {named(difference.built)}"
    title = f"{sides.builder} {what}, of which the {sides.promised_by} "
    title += "say nothing" if sides.promised_by.endswith("s") else "says nothing"
    return title, _whole(difference.built, what), f"no {what}", THINGS[type(difference.built)].extra


def _renamed(difference: Difference, sides: Sides) -> tuple[str, str, str, str]:
    wanted, is_there = named(difference.promised), named(difference.built)
    title = f"{difference.thing} renamed: {sides.promiser} {wanted}, {sides.builder} {is_there}"
    why = "what names it (a later migration, ON CONFLICT ON CONSTRAINT, a query) does not find it"
    return title, is_there, wanted, why


def _order(difference: Difference, sides: Sides) -> tuple[str, str, str, str]:
    wanted, is_there = (
        ", ".join(named(c) for c in sorted(t.columns, key=lambda c: c.position))
        for t in (difference.promised, difference.built)
    )
    title = f"the {sides.promised_by} and the {sides.built_by} have the columns in another order"
    why = "SELECT * and INSERT without a column list depend on it; nothing else does"
    return title, is_there, wanted, why


def _changed(difference: Difference, sides: Sides) -> tuple[str, str, str, str]:
    promise = THINGS[type(difference.promised)].fields[difference.field]
    wanted, is_there = (
        _value(promise, side, difference.field) for side in (difference.promised, difference.built)
    )
    if max(len(wanted), len(is_there)) > _SHORT or "\n" in wanted + is_there:
        title = f"the {sides.promised_by} and the {sides.built_by} differ in its {promise.word}"
    else:
        title = f"{sides.promiser} {wanted}, {sides.builder} {is_there}"
    return title, is_there, wanted, promise.why


def _value(promise: Promise, holder: object, field: str) -> str:
    value = getattr(holder, field)
    if field == "columns" and value and not isinstance(value[0], str):
        value = tuple(named(column) for column in value)
    return promise.says(value)


def _grant(difference: Difference, sides: Sides) -> tuple[str, str, str, str]:
    rights = [
        [p for p in side.privileges if p.grantee == difference.grantee]
        for side in (difference.promised, difference.built)
    ]
    wanted, is_there = (_rights(r, difference.grantee) for r in rights)
    why = THINGS[type(difference.promised)].fields["privileges"].why
    return f"{sides.promiser} {wanted}, {sides.builder} {is_there}", is_there, wanted, why


def _rights(privileges: list[Privilege], grantee: str) -> str:
    if not privileges:
        return f"no rights of {grantee} beyond the usual"
    words = [
        ("no " if p.revoked else "")
        + p.privilege
        + (" with grant option" if p.grantable else "")
        for p in privileges
    ]  # fmt: skip
    return f"{', '.join(words)} for {grantee}"


def _whole(value: object, what: str) -> str:
    """Return an object with what it says of itself in one line, where it has one."""
    definition = getattr(value, "definition", "")
    if not isinstance(definition, str) or not definition or "\n" in definition:
        return what
    return definition if len(definition) > len(what) and " " in definition else what


def _evidence(difference: Difference, sides: Sides) -> tuple[str, ...]:
    """Return the lines in which two long texts differ."""
    if difference.change is not Change.CHANGED or not difference.field or difference.grantee:
        return ()
    wanted, found = (
        getattr(side, difference.field) for side in (difference.promised, difference.built)
    )
    if not (isinstance(wanted, str) and isinstance(found, str) and "\n" in wanted + found):
        return ()
    before, after = wanted.splitlines(), found.splitlines()
    return tuple(unified_diff(before, after, sides.promised_by, sides.built_by, lineterm="", n=1))
