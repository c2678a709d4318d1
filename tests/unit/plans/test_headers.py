from __future__ import annotations

import pytest

from pgassay.core.errors import ConfigError
from pgassay.plans.header import read_header
from pgassay.plans.phrases import PHRASES, expectation
from pgassay.plans.query import (
    Expectation,
    HotQuery,
    NoSequentialScan,
    Partitions,
    PlanMode,
    RowsPerRow,
    SharedBuffers,
    SourceKind,
    UsesIndex,
)

HEAD = "-- name: a user's orders\n-- why: every page shows them\n"


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as error:
        read_header(text, "q.sql")
    return error.value


def test_a_header_is_read_whole():
    header = read_header(
        HEAD
        + "-- often: 40 a second\n"
        + "-- parameter user: orders.user_id\n"
        + "-- parameter user absent: 'nobody'\n"
        + "-- parameter since: select max(created_at)\n--   from orders\n"
        + "-- limit: 2 s\n-- plans: custom, generic\n-- parallel: yes\n"
        + "-- An ordinary comment.\n"
        + "-- expect: index by_user\n-- expect heaviest: at most 40 shared buffers\n\n"
        + "select 1",
        "q.sql",
    )
    assert header.title == "a user's orders"
    assert header.often == "40 a second"
    assert header.limit_ms == 2000
    assert header.modes == (PlanMode.CUSTOM, PlanMode.GENERIC)
    assert header.parallel
    user, since = header.parameters
    assert user.source("heaviest") == user.source("typical")
    absent = user.source("absent")
    assert absent is not None
    assert (absent.kind, absent.text) == (SourceKind.CONSTANT, "nobody")
    typical = since.source("typical")
    assert typical is not None
    assert typical.text == "select max(created_at) from orders"
    assert since.source("heaviest") is None
    assert [(type(e), e.run) for e in header.expectations] == [
        (UsesIndex, None),
        (SharedBuffers, "heaviest"),
    ]


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("-- why: x\n", "q.sql", 'no "-- name:" line'),
        ("-- name: x\n", "q.sql", 'no "-- why:" line'),
        (HEAD + "-- expct: no spill", "q.sql:3", '"expct" is no entry'),
        (HEAD + "-- expect never: no spill", "q.sql:3", '"never" is no run'),
        (HEAD + "-- expect: index", "q.sql:3", '"index" is no expectation'),
        (HEAD + "-- expect: at most many rows read", "q.sql:3", "is no expectation"),
        (HEAD + "-- parameter: t.c", "q.sql:3", "is no entry of a header"),
        (HEAD + "-- parameter a b c: t.c", "q.sql:3", "is no entry of a header"),
        (HEAD + "-- parameter a: whatever", "q.sql:3", "is no source of values"),
        (HEAD + "-- parameter a:", "q.sql:3", "the parameter has no source"),
        (HEAD + "-- parameter a absent: 'x'", "q.sql:3", "has no typical value"),
        (HEAD + "-- limit: soon", "q.sql:3", '"soon" is no time'),
        (HEAD + "-- limit: 0 s", "q.sql:3", '"0 s" is no time'),
        (HEAD + "-- plans: cached", "q.sql:3", '"cached" is no kind of plan'),
        (HEAD + "-- parallel: maybe", "q.sql:3", "neither yes nor no"),
        (HEAD + "-- often: now\n-- often: then", "q.sql:4", "stands there twice"),
    ],
)
def test_damage_is_named_with_its_line(text: str, where: str, says: str):
    error = refused(text)
    assert error.where == where
    assert says in error.found
    assert error.expected


def test_a_near_miss_gets_a_suggestion():
    assert 'did you mean "expect"?' in (refused(HEAD + "-- expekt: no spill").expected or "")
    near = refused(HEAD + "-- expect: no sequential scan in TABLE").expected or ""
    assert 'did you mean "no sequential scan of TABLE"?' in near


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_that_is_offered_is_understood(phrase: str):
    read = expectation(phrase, run=None, line=1, file="q.sql")
    assert type(read) is not Expectation
    assert read.text == phrase


def test_names_may_be_quoted_and_several():
    read = expectation('index "ordersByUser" or public.by_time', run=None, line=1, file="q")
    assert isinstance(read, UsesIndex)
    assert read.names == ('"ordersByUser"', "public.by_time")
    several = expectation('no sequential scan of a, "B or c" and d', run=None, line=1, file="q")
    assert isinstance(several, NoSequentialScan)
    assert several.relations == ("a", '"B or c"', "d")


def test_numbers_may_have_separators():
    read = expectation("at most 12,000.5 rows read per row.", run=None, line=1, file="q")
    assert isinstance(read, RowsPerRow)
    assert read.most == 12000.5


def test_a_runs_own_expectation_replaces_that_of_all():
    texts = [
        (None, "at most 9 shared buffers"),
        ("heaviest", "at most 90 shared buffers"),
        (None, "at most 1 partition of a"),
        ("heaviest", "at most 3 partitions of b"),
    ]
    query = HotQuery(
        name="q", title="q", sql="select 1",
        expectations=tuple(expectation(t, run=r, line=1, file="q") for r, t in texts),
    )  # fmt: skip
    typical, heaviest = query.expected("typical"), query.expected("heaviest")
    assert [e.text for e in typical] == ["at most 9 shared buffers", "at most 1 partition of a"]
    assert [e.most for e in heaviest if isinstance(e, SharedBuffers)] == [90]
    assert len([e for e in heaviest if isinstance(e, Partitions)]) == 2
