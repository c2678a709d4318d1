"""Accepting what a part has found: every part looks for its own kinds in the one file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Unproven
from pgassay.core.event import CaseFinished, Event, FindingMade, Told
from pgassay.core.finding import Severity
from pgassay.history.acceptance import FILE, UNUSED, accept, read_acceptances
from pgassay.history.judgement import pages
from pgassay.history.traffic.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from pgassay.core.case import Trial
    from pgassay.core.finding import Finding
    from pgassay.history.acceptance import Acceptance, Verdict
    from pgassay.run.migration.ground import Ground


def acceptances_of(folder: Path, kinds: Collection[str]) -> tuple[Acceptance, ...]:
    """Return what is accepted of some kinds in the file of a folder.

    Raises:
        ConfigError: the file is damaged, or names a kind that no part finds.
    """
    known = read_acceptances(folder, {**pages(), **PAGES})
    return tuple(one for one in known if one.hazard in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One trial of a part.

    Args:
        trial: what was tried.
        findings: what is wrong; their discriminator is the label of the selection.
        seconds: how long it took.
        unproven: why nothing is proven by what was not found; empty if something is.
    """

    trial: Trial
    findings: tuple[Finding, ...]
    seconds: float
    unproven: str = ""


def told(
    ground: Ground, judged: Sequence[Judged], kinds: Collection[str], *, by_chance: bool = False
) -> Iterator[Event]:
    """Yield the outcomes of a part, and the findings that nobody has accepted.

    Args:
        ground: whose revisions; what is accepted for one of them counts.
        judged: all trials of the part.
        kinds: the slugs that their findings can have.
        by_chance: they may be found or not, as clients come and go: an acceptance that matches
            nothing today is kept in silence.
    """
    everything = tuple(finding for one in judged for finding in one.findings)
    verdict = _verdict(ground, everything, kinds)
    for one in judged:
        left = tuple(finding for finding in one.findings if finding in verdict.findings)
        bad = [f.title for f in left if f.severity is Severity.ERROR]
        reason = "; ".join(bad)
        outcome = Outcome(
            case=one.trial,
            status=Status.FAILED if reason else Status.PASSED,
            reason=reason,
            findings=left,
            seconds=one.seconds,
        )
        if one.unproven and not reason:
            trial = one.trial
            case = Unproven(
                kind=trial.kind, subject=trial.subject, title=trial.title, reason=one.unproven
            )
            outcome = replace(outcome, case=case, status=Status.UNPROVEN, reason=one.unproven)
        yield CaseFinished(system=ground.name, outcome=outcome)
        for finding in left:
            yield FindingMade(system=ground.name, finding=finding)
    for finding in verdict.findings:
        if finding not in everything and not (by_chance and finding.slug == UNUSED):
            yield FindingMade(system=ground.name, finding=finding)
    for finding, acceptance in verdict.accepted:
        text = f"accepted: {finding.slug} on {finding.subject}: {acceptance.reason}"
        yield Told(system=ground.name, text=text)


def _verdict(ground: Ground, findings: Sequence[Finding], kinds: Collection[str]) -> Verdict:
    label, folder = ground.selection.label, ground.script()
    ids = {revision.id for revision in ground.selection.revisions}
    mine = [
        replace(one, revision=label) for one in acceptances_of(folder, kinds) if one.revision in ids
    ]
    return accept(findings, mine, revision=label, today=ground.request.today, path=folder / FILE)
