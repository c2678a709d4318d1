"""Accepting a hazard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pgassay.core.case import Subject
from pgassay.core.errors import ConfigError
from pgassay.core.finding import Finding
from pgassay.history.acceptance import (
    EXPIRED,
    UNUSED,
    Acceptance,
    Verdict,
    accept,
    read_acceptances,
)

TODAY = date(2026, 5, 5)
HAZARDS = ("table_dropped", "renamed")


def finding(slug: str = "table_dropped", table: str = "orders", part: str | None = None) -> Finding:
    return Finding(
        slug=slug,
        subject=Subject(object=table, part=part),
        title="t",
        found="f",
        expected="e",
        discriminator="0002",
    )


def judged(*acceptances: Acceptance, findings: tuple[Finding, ...] = (finding(),)) -> Verdict:
    return accept(findings, acceptances, revision="0002", today=TODAY, path=Path("accepted.toml"))


def acceptance(
    hazard: str = "table_dropped",
    on: str | None = None,
    until: date | None = None,
    revision: str = "0002",
) -> Acceptance:
    return Acceptance(
        revision=revision, hazard=hazard, reason="empty since May", on=on, until=until
    )


def test_what_is_accepted_is_no_finding() -> None:
    verdict = judged(acceptance())

    assert verdict.findings == ()
    assert [one.reason for _, one in verdict.accepted] == ["empty since May"]


@pytest.mark.parametrize("on", ["orders", "orders.total", None])
def test_it_can_name_the_relation_or_the_part(on: str | None) -> None:
    findings = (finding(part="total"),)

    assert judged(acceptance(on=on), findings=findings).findings == ()


def test_another_table_is_not_accepted_and_the_acceptance_is_told() -> None:
    verdict = judged(acceptance(on="items"))

    assert [one.slug for one in verdict.findings] == ["table_dropped", UNUSED]


def test_another_hazard_is_not_accepted() -> None:
    assert {one.slug for one in judged(acceptance("renamed")).findings} == {"table_dropped", UNUSED}


def test_acceptances_of_other_revisions_do_not_count() -> None:
    assert judged(acceptance(revision="0001")).findings == (finding(),)


def test_an_acceptance_holds_on_its_last_day_and_not_behind_it() -> None:
    assert judged(acceptance(until=TODAY)).findings == ()
    expired = judged(acceptance(until=date(2026, 5, 4)))
    assert [one.slug for one in expired.findings] == ["table_dropped", EXPIRED]


def test_one_acceptance_takes_every_finding_that_it_means() -> None:
    findings = (finding(table="a"), finding(table="b"))

    assert judged(acceptance(), findings=findings).findings == ()


def test_no_file_accepts_nothing(tmp_path: Path) -> None:
    assert read_acceptances(tmp_path, HAZARDS) == ()


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "accepted.toml").write_text(
        '[[accept]]\nrevision = "0002"\nhazard = "renamed"\non = "a"\nreason = "r"\n'
        "until = 2027-01-01\n"
    )

    assert read_acceptances(tmp_path, HAZARDS) == (
        Acceptance(revision="0002", hazard="renamed", on="a", reason="r", until=date(2027, 1, 1)),
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('hazard = "rename"\nreason = "r"', 'did you mean "renamed"'),
        ('hazard = "renamed"', "reason: missing"),
        ('hazard = "renamed"\nreason = " "', "it is empty"),
        ('hazard = "renamed"\nreason = "r"\nuntil = "soon"', "is no date"),
        ('hazard = "renamed"\nreason = "r"\nuntill = 2027-01-01', 'did you mean "until"'),
    ],
)
def test_what_is_wrong_in_it_is_told(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "accepted.toml").write_text(f'[[accept]]\nrevision = "0002"\n{line}\n')

    with pytest.raises(ConfigError) as refused:
        read_acceptances(tmp_path, HAZARDS)

    assert told in str(refused.value)
