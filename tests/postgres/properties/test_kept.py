"""What properties drew is kept with the template: proven again without drawing, or drawn anew."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest

from pgassay.core.config import load_config
from pgassay.run.properties import property_trials
from pgassay.run.stand import Request, Stand
from tests.projects.front_doors.copies import copied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.core.case import Outcome

NOTES = "notes"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Stand]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGASSAY_CACHE", str(cache))
        config = load_config(copied(tmp_path_factory.mktemp("shop") / "shop", cache).root)
        request = Request(
            config=config, system=config.systems["shop"], today=date(2026, 11, 21),
            server="embedded",
        )  # fmt: skip
        with Stand(request) as stand:
            yield stand


def proven(stand: Stand) -> list[Outcome]:
    return [trial.run(stand.name) for trial in property_trials(stand)]


@pytest.fixture(scope="module")
def drawn(stand: Stand, cache: Path) -> list[Outcome]:
    """The outcomes of a first run, which writes its note once all are proven."""
    assert stand.catalogs  # a note of its own
    notes = len(list((cache / NOTES).iterdir()))
    trials = list(property_trials(stand))
    outcomes = [trial.run(stand.name) for trial in trials[:-1]]
    assert len(list((cache / NOTES).iterdir())) == notes
    outcomes.append(trials[-1].run(stand.name))
    assert len(list((cache / NOTES).iterdir())) == notes + 1
    return outcomes


def test_a_first_run_draws_and_finds_nothing(drawn: list[Outcome]) -> None:
    assert len(drawn) > 4
    assert not [outcome.reason for outcome in drawn if outcome.reason]


def test_another_run_proves_the_same_without_drawing(
    stand: Stand, drawn: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pgassay.run.drawing", None)  # whoever draws, fails
    again = proven(stand)
    assert [(o.case, o.status, o.findings) for o in again] == [
        (o.case, o.status, o.findings) for o in drawn
    ]


@contextmanager
def altered(stand: Stand, change: str, back: str) -> Iterator[None]:
    """Change what the migrations built behind the back of everything that was noted."""
    for statement in (change, back):
        with stand.server.connect("pgassay_alembic") as connection:
            connection.execute(statement.encode())
        if statement is change:
            yield


A_B = 'alter table "a""b" '
OF_WHOM = 'constraint "of whom" foreign key ("select") references "Straße"."select" (id) on delete '
FAULTS = {
    "a check that refuses every row": (
        A_B + "add constraint never check (id is null)", A_B + "drop constraint never",
    ),
    "a trigger that rewrites": (
        """create function f() returns trigger language plpgsql as
           $$begin new.label := 'else'; return new; end$$;
           create trigger t before insert on "a""b" for each row execute function f()""",
        "drop function f cascade",
    ),
    "CASCADE became NO ACTION": (
        A_B + 'drop constraint "of whom", add ' + OF_WHOM + "no action",
        A_B + 'drop constraint "of whom", add ' + OF_WHOM + "cascade",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_what_was_kept_and_told_as_a_script(
    stand: Stand, drawn: list[Outcome], fault: str
) -> None:
    assert drawn
    with altered(stand, *FAULTS[fault]):
        found = [finding for outcome in proven(stand) for finding in outcome.findings]
    assert found
    assert all(finding.slug == "property" and finding.found for finding in found)
    assert any('"a""b"' in line for finding in found for line in finding.evidence)


def test_what_no_row_can_see_is_no_fault(stand: Stand, drawn: list[Outcome]) -> None:
    with altered(stand, 'create index seen_by_none on "a""b" (label)', "drop index seen_by_none"):
        assert [outcome.status for outcome in proven(stand)] == [o.status for o in drawn]
