"""The checks of one database: each asked once, its findings divided into accepted and left."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.checks.acceptance import SLUG, Acceptance, Judged, judge, outlived
from pgassay.checks.registry import Chosen, choose
from pgassay.core.case import Subject, Trial
from pgassay.core.check import Need
from pgassay.core.errors import PgassayError, TrialError
from pgassay.run.accepted import read_accepted, read_baseline
from pgassay.run.own_checks import all_checks
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from pgassay.checks.check import Problem
    from pgassay.checks.ground import Ground
    from pgassay.core.check import CheckSettings, Profile
    from pgassay.core.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which checks run, and what is known of their findings.

    Args:
        chosen: the checks.
        accepted: the entries of the file of accepted findings.
        baseline: the fingerprints of what was there when checking began.
        accepted_file: where acceptances are written.
        baseline_file: where the baseline is.
    """

    chosen: tuple[Chosen, ...]
    accepted: tuple[Acceptance, ...] = ()
    baseline: frozenset[str] = frozenset()
    accepted_file: Path
    baseline_file: Path


def select(
    settings: CheckSettings,
    folder: Path,
    name: str,
    *,
    only: tuple[str, ...] = (),
    profile: Profile | None = None,
) -> Selection:
    """Return the selection that settings ask for.

    Args:
        settings: of a system, or of all.
        folder: where files are that the settings do not name.
        name: the system's, of which those files are called.
        only: these checks and no others.
        profile: instead of the settings'.

    Raises:
        ConfigError: the settings name a check that there is none of, a file is damaged.
    """
    known = all_checks(settings.own)
    accepted = settings.accepted or folder / f"{name}.accepted.toml"
    baseline = settings.baseline or folder / f"{name}.baseline"
    return Selection(
        chosen=choose(settings, known, only, profile),
        accepted=read_accepted(accepted, known),
        baseline=read_baseline(baseline),
        accepted_file=accepted,
        baseline_file=baseline,
    )


@dataclass(slots=True)
class Checking:
    """A selection upon a ground, which is made when the first check is asked, and once.

    Args:
        system: whose database it is.
        selection: the checks.
        today: the date by which acceptances expire.
        make_ground: makes the ground.
        configured: whether the system is one of the configuration.
        offers: which needs the ground will meet.
    """

    system: str
    selection: Selection
    today: date
    make_ground: Callable[[], Ground]
    configured: bool = True
    offers: frozenset[Need] = frozenset({Need.CATALOG})
    _ground: Ground | None = None
    _found: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    @property
    def running(self) -> tuple[Chosen, ...]:
        """The checks whose needs are met."""
        return tuple(c for c in self.selection.chosen if c.check.need in self.offers)

    @property
    def not_run(self) -> tuple[Chosen, ...]:
        """The checks whose needs are not met here."""
        return tuple(c for c in self.selection.chosen if c.check.need not in self.offers)

    def found(self, chosen: Chosen) -> tuple[Finding, ...]:
        """Return everything that a check finds, in the order of the objects.

        Raises:
            TrialError: it cannot be asked here.
        """
        slug = chosen.check.slug
        if slug not in self._found:
            if self._ground is None:
                self._ground = self.make_ground()
            ground = replace(self._ground, options=chosen.options)
            findings = (chosen.check.finding(p, chosen.severity) for p in _problems(chosen, ground))
            self._found[slug] = tuple(self._ours(finding) for finding in findings)
        return self._found[slug]

    def _ours(self, finding: Finding) -> Finding:
        accept = f"pgassay accept {shlex.quote(finding.fingerprint)} --reason '…'"
        if self.configured:
            accept += f" --system {shlex.quote(self.system)}"
        else:
            accept += f" --file {shlex.quote(_from_here(self.selection.accepted_file))}"
        return replace(finding, system=self.system, accept=accept)

    def judged(self, chosen: Chosen) -> Judged:
        """Divide what a check finds; what the baseline holds is left out altogether."""
        baseline = self.selection.baseline
        new = [f for f in self.found(chosen) if f.fingerprint not in baseline]
        return judge(new, self.selection.accepted, self.today)

    def outlived(self) -> tuple[Finding, ...]:
        """Return what is wrong with the acceptances; every check is asked for it."""
        findings: list[Finding] = []
        ran: list[str] = []
        for chosen in self.running:
            try:
                findings += self.found(chosen)
            except TrialError:
                continue  # it says so where it is asked
            ran.append(chosen.check.slug)
        return tuple(outlived(findings, self.selection.accepted, self.today, ran))

    def counts(self) -> dict[str, int]:
        """Return how many findings are accepted, and how many the baseline holds."""
        found = [f for findings in self._found.values() for f in findings]
        old = sum(f.fingerprint in self.selection.baseline for f in found)
        accepted = sum(len(self.judged(c).accepted) for c in self.running if self._asked(c))
        return {"findings accepted": accepted, "in the baseline": old}

    def told(self) -> Iterator[str]:
        """Yield what a person should know beside the findings."""
        for need in sorted({chosen.check.need for chosen in self.not_run}):
            names = ", ".join(c.check.slug for c in self.not_run if c.check.need is need)
            yield f"not run, as there is no {need} here ({_WHENCE[need]}): {names}"
        found = {f.fingerprint for findings in self._found.values() for f in findings}
        ran = {chosen.check.slug for chosen in self.running if self._asked(chosen)}
        gone = [one for one in self.selection.baseline - found if one.partition(":")[0] in ran]
        if gone:
            yield (
                f"{len(gone)} of {len(self.selection.baseline)} findings of the baseline are"
                " mended: pgassay check --write-baseline leaves them out"
            )

    def _asked(self, chosen: Chosen) -> bool:
        return chosen.check.slug in self._found

    def trials(self) -> Iterator[Runnable]:
        """Yield one trial a check, and one of the acceptances."""
        for chosen in self.running:
            check = chosen.check
            subject = Subject(object=self.system)
            title = f"no place where {_clause(check.page.title)}"
            trial = Trial(kind=check.slug, subject=subject, title=title)
            yield Runnable(trial=trial, perform=partial(self._left, chosen))
        if self.selection.accepted:
            subject = Subject(object=self.selection.accepted_file.name)
            trial = Trial(kind=SLUG, subject=subject, title="every acceptance still fits")
            yield Runnable(trial=trial, perform=self.outlived)

    def _left(self, chosen: Chosen) -> tuple[Finding, ...]:
        return self.judged(chosen).left


_WHENCE = {
    Need.CATALOG: "always there",
    Need.DATA: "--populate, or a URL",
    Need.STATISTICS: "--populate, or a URL",
    Need.QUERIES: "--populate, for a system with benchmarks",
    Need.MODELS: "a system with metadata",
    Need.LIVE: "a URL",
    Need.DEPLOYED: "a URL and --system",
}
"""Where what a check needs comes from."""


def _problems(chosen: Chosen, ground: Ground) -> Iterator[Problem]:
    """Yield what a check finds; what goes wrong in a team's own check is told as theirs."""
    try:
        yield from chosen.check.find(ground)
    except PgassayError:
        raise
    except Exception as error:
        if not chosen.check.own:
            raise
        raise TrialError(
            f"{type(error).__name__}: {error}",
            where=chosen.check.slug,
            why="a check that breaks off finds nothing",
            fix="mend find() of the check",
        ) from error


def _from_here(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _clause(title: str) -> str:
    return title[:1].lower() + title[1:]
