"""Declared exceptions: what only migrations create is no finding; what matches nothing is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.core.catalog import Catalog, Function, Policy
from pgassay.core.errors import ConfigError
from pgassay.drift.policy import DriftPolicy
from tests.unit.drift.sample import (
    READ,
    check,
    column,
    database,
    drift,
    index,
    public,
    table,
    trigger,
)

PLAIN = table("users", columns=(column("id"), column("email", position=2)))
TOUCH = Function(name=public("touch"), arguments="a integer[]", language="plpgsql", definition="…")
MADE = database(
    replace(
        PLAIN,
        columns=(column("id"), column("email", position=2, default="7", privileges=(READ,))),
        triggers=(trigger("set_updated_at", "users"),),
        policies=(Policy(name="own", command="ALL"),),
        constraints=(check("ck", "(id > 0)", "id"),),
        indexes=(index("ix", "id"),),
        row_security=True,
        privileges=(READ,),
        comment="people",
    ),
    functions=(TOUCH,),
)


def unexplained(*patterns: str, built: Catalog = MADE) -> set[str]:
    found = drift(database(PLAIN), built, policy=DriftPolicy(only_migrations=patterns))
    return {f.discriminator.partition(":")[0] for f in found}


EVERY = {
    "function public.touch(a integer[])": "function extra",
    "trigger public.users.set_updated_at": "trigger extra",
    "policy public.users.own": "policy extra",
    "check public.users.ck": "check extra",
    "index public.users.ix": "index extra",
    "row security public.users": "table row security",
    "grant public.users.reader": "grant reader",
    "grant public.users.email.reader": "grant reader",
    "comment public.users": "table comment",
    "default public.users.email": "column default",
}


def test_without_exceptions_everything_is_told() -> None:
    assert unexplained() == set(EVERY.values())


def test_with_an_exception_for_each_nothing_is_told() -> None:
    assert unexplained(*EVERY) == set()


@pytest.mark.parametrize("pattern", [p for p in EVERY if not p.startswith("grant")])
def test_an_exception_explains_its_object_alone(pattern: str) -> None:
    assert unexplained(pattern) == set(EVERY.values()) - {EVERY[pattern]}


@pytest.mark.parametrize(
    "pattern",
    [
        "trigger *.set_updated_at", "trigger public.*", "function public.touch(*)", "constraint *",
        "grant *.reader", "index *",
    ],
)  # fmt: skip
def test_a_star_stands_for_anything(pattern: str) -> None:
    assert len(unexplained(pattern)) == len(unexplained()) - 1


@pytest.mark.parametrize(
    "pattern",
    ["trigger public.users.set_updated", "trigger users.set_updated_at", "policy *.other",
     "function public.touch()", "view *", "index public.users.i"],
)  # fmt: skip
def test_an_exception_that_matches_nothing_is_a_finding(pattern: str) -> None:
    (found,) = (
        f
        for f in drift(database(PLAIN), MADE, policy=DriftPolicy(only_migrations=(pattern,)))
        if "matches nothing" in f.title
    )

    assert found.subject.object == pattern
    assert found.fix == f'take "{pattern}" out of only_migrations'


def test_an_exception_for_what_the_models_promise_matches_nothing() -> None:
    policy = DriftPolicy(only_migrations=("trigger *",))

    assert [f.title for f in drift(MADE, MADE, policy=policy)] == [
        "declared as made by migrations only, and matches nothing"
    ]


def test_what_the_models_promise_otherwise_is_told_in_spite_of_an_exception() -> None:
    promised = database(
        replace(
            PLAIN, comment="users", triggers=(trigger("set_updated_at", "users", timing="AFTER"),)
        )
    )
    policy = DriftPolicy(only_migrations=("comment *", "trigger *"))

    titles = [f.title for f in drift(promised, database(*MADE.tables), policy=policy)]

    assert "the models say COMMENT 'users', the migrations built COMMENT 'people'" in titles
    assert "the models say AFTER, the migrations built BEFORE" in titles


def test_what_is_missing_is_told_in_spite_of_an_exception() -> None:
    policy = DriftPolicy(only_migrations=("trigger *",))

    assert "trigger missing" in {
        f.discriminator.partition(":")[0] for f in drift(MADE, database(PLAIN), policy=policy)
    }


@pytest.mark.parametrize("pattern", ["tirgger *.x", "trigger", "public.touch()", ""])
def test_a_pattern_of_no_known_kind_is_refused_with_a_suggestion(pattern: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        DriftPolicy(only_migrations=(pattern,))

    assert "a kind and a name; one of " in str(refusal.value)


def test_a_misspelt_kind_is_answered_with_the_right_one() -> None:
    with pytest.raises(ConfigError, match='did you mean "trigger"'):
        DriftPolicy(only_migrations=("tirgger *.x",))
