"""Every field of every catalog dataclass is compared, or is in the table with the reason why not.

By reflection, over generated mutations, so that a field added later cannot be forgotten.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from pgassay.core.catalog import Catalog
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.drift.lock import read_lock, write_lock
from pgassay.drift.promises import THINGS, How
from tests.unit.drift.mutations import Mutation, mutations
from tests.unit.drift.sample import drift, everything

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.finding import Finding

# Places where a field that is a promise elsewhere is none, as patterns of the mutation's path.
NO_PROMISE_THERE = {
    r"tables without events_2026_0[13]": "which months exist; one in between is missed",
    r"tables\[events_2026_\d+\]\.name": "the names of months",
    r"views\[\w+\]\.columns( without \w+|\[\w+\]\.(?!default|privileges|comment).*)":
        "the columns of a view follow from its query and its tables",
    r"tables\[events_2026_\d+\]\.comment": "a month's comment may carry its month",
    r"tables\[events_(2026|default).*\]\.columns\[\w+\]\.inherited": "partitions have only such",
    r"tables\[events_(2026|default).*\]\.(constraints|indexes)\[.*\]\.name":
        "PostgreSQL names a partition's copies",
    r"tables\[events_(2026|default).*\]\.triggers\[.*\]\.definition":
        "a copy's text differs from its parent's by the table",
    r"tables\[events_(2026|default).*\]\.indexes\[.*_pkey\]\.constraint": "the same",
    r"tables\[\w+\]\.indexes\[(pk_\w+|no_overlap|uq_users_email|events_pkey)\]\.name":
        "an index that a constraint owns has the constraint's name",
}  # fmt: skip
NOT_IN_A_LOCK = {
    r"extensions\[citext\]\.(version|comment)": "they come with the server's packages",
    r"tables\[events_default\]\.(columns|constraints|indexes|triggers) without .*":
        "PostgreSQL keeps a partition like its parent; what it lacks is told of what is built",
    r"tables\[events_default\]\.constraints\[\w+\]\.kind": "as before",
    r"tables\[users\]\.indexes without pk_users": "an ordinary index of a key is not written",
    r"functions\[touch\]\.privileges\[0\]\.grantable": "no option goes with what was revoked",
}  # fmt: skip


def catalog_classes() -> set[type]:
    found: set[type] = set()

    def collect(hint: object) -> None:
        for argument in typing.get_args(hint):
            collect(argument)
        known = hint in found or hint is QualifiedName
        if isinstance(hint, type) and dataclasses.is_dataclass(hint) and not known:
            found.add(hint)
            for inner in typing.get_type_hints(hint).values():
                collect(inner)

    collect(Catalog)
    return found


@pytest.mark.parametrize("cls", sorted(catalog_classes(), key=lambda c: c.__name__))
def test_every_field_of_a_catalog_dataclass_has_its_line_in_the_tables(cls: type) -> None:
    assert set(THINGS[cls].fields) == {f.name for f in dataclasses.fields(cls)}


def test_a_field_that_is_not_compared_says_why() -> None:
    silent = {
        (cls.__name__, name): promise.why
        for cls, thing in THINGS.items()
        for name, promise in thing.fields.items()
        if promise.how is How.SILENT
    }

    assert all(len(why) > 10 for why in silent.values())
    assert set(silent) == {
        ("Catalog", "major"),
        ("Column", "position"),
        ("Constraint", "definition"),
        ("Constraint", "index"),
        ("Index", "definition"),
        *(("ColumnType", f) for f in
          ("name", "kind", "base", "array", "length", "precision", "scale")),
    }  # fmt: skip


def test_a_field_that_is_compared_says_why_a_difference_matters() -> None:
    told = (How.VALUE, How.SET, How.LAST, How.GRANTS, How.ORDER)
    unexplained = [
        (cls.__name__, name)
        for cls, thing in THINGS.items()
        for name, promise in thing.fields.items()
        if promise.how in told and not promise.why
    ]

    assert unexplained == []


@cache
def all_mutations() -> tuple[Mutation, ...]:
    """Every mutation of the sample; of three months that are alike, those of the middle one."""
    return tuple(mutations(everything(), but=r"catalog\.tables\[events_2026_0[13]\]"))


@cache
def found_by(number: int) -> tuple[Finding, ...]:
    """What drift says of a mutation, by its number."""
    return drift(everything(), all_mutations()[number].catalog)


def is_promise(mutation: Mutation) -> bool:
    how = THINGS[mutation.owner].fields[mutation.field].how
    return how is not How.SILENT and not matches(mutation, NO_PROMISE_THERE)


def matches(mutation: Mutation, patterns: Iterable[str]) -> bool:
    place = str(mutation).removeprefix("catalog.")
    return any(re.fullmatch(pattern, place) for pattern in patterns)


def test_the_sample_says_something_in_every_field() -> None:
    changed = Counter((m.owner, m.field) for m in all_mutations())
    untouched = [
        (cls.__name__, f.name)
        for cls in catalog_classes()
        for f in dataclasses.fields(cls)
        if not changed[cls, f.name]
    ]

    assert untouched == []


def test_every_mutation_of_a_promise_is_a_finding() -> None:
    unseen = [str(m) for n, m in enumerate(all_mutations()) if is_promise(m) and not found_by(n)]

    assert unseen == []


def test_no_mutation_of_what_is_no_promise_is_a_finding_that_fails() -> None:
    told = [
        (str(m), finding.title)
        for n, m in enumerate(all_mutations())
        if THINGS[m.owner].fields[m.field].how is How.SILENT
        for finding in found_by(n)
        if finding.severity is not Severity.INFO
    ]

    assert told == []


def test_an_excuse_that_excuses_nothing_is_no_excuse() -> None:
    places = [str(m).removeprefix("catalog.") for m in all_mutations()]
    excuses = (*NO_PROMISE_THERE, *NOT_IN_A_LOCK)

    assert [e for e in excuses if not any(re.fullmatch(e, p) for p in places)] == []


def test_every_mutation_of_a_promise_shows_against_the_locked_contract() -> None:
    promised = read_lock(write_lock(everything()))

    unseen = [
        str(m)
        for m in all_mutations()
        if is_promise(m) and not matches(m, [*NOT_IN_A_LOCK][:1]) and not drift(promised, m.catalog)
    ]

    assert unseen == []


def test_every_mutation_of_a_promise_changes_the_text_of_the_lock() -> None:
    text = write_lock(everything())

    same = [
        str(m)
        for m in all_mutations()
        if is_promise(m)
        and not matches(m, NOT_IN_A_LOCK)
        and "events_2026" not in str(m)
        and write_lock(m.catalog) == text
    ]

    assert same == []


def test_fingerprints_of_one_comparison_are_distinct() -> None:
    twice = {}
    for number, mutation in enumerate(all_mutations()):
        prints = Counter(f.fingerprint for f in found_by(number))
        if repeated := [p for p, count in prints.items() if count > 1]:
            twice[str(mutation)] = repeated

    assert twice == {}
