"""JUnit XML: one testcase per case, one testsuite per system, findings that are no case as well.

The format is the one that CI systems read (Jenkins' junit-10.xsd).
"""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 - documented attribute
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pgassay.core.case import Case, Outcome, Status
from pgassay.core.finding import Finding, Severity
from pgassay.report.listener import write_whole
from pgassay.report.tally import Tallies, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.event import Event

_RED = frozenset({Severity.ERROR})
# What XML 1.0 cannot hold, not even escaped.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JunitReport:
    """Writes `path` when closed.

    Args:
        path: the file.
        failing: severities of findings that are failures.
    """

    def __init__(self, path: Path, failing: frozenset[Severity] = _RED) -> None:
        self._path = path
        self._failing = failing
        self._tallies = Tallies()

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._tallies.hear(event)

    def close(self) -> None:
        """Write the file."""
        root = ET.Element("testsuites", name="pgassay")
        for tally in self._tallies.all:
            root.append(_suite(tally, self._failing))
        ET.indent(root)
        text = ET.tostring(root, encoding="unicode", xml_declaration=True)
        write_whole(self._path, text + "\n")


def _suite(tally: Tally, failing: frozenset[Severity]) -> ET.Element:
    started, finished = tally.started, tally.finished
    name = started.system if started else "?"
    findings: dict[str, list[Finding]] = {}
    mild = {
        number: [finding for finding in found if finding.severity not in failing]
        for number, found in tally.by_case.items()
    }
    told = {id(finding) for found in mild.values() for finding in found}
    for finding in tally.findings:
        if id(finding) in told:
            continue  # by the case that it belongs to
        findings.setdefault(_case_name(finding), []).append(finding)
    tests = [
        _case(name, outcome, findings.pop(outcome.case.name, []), mild.get(number, []))
        for number, outcome in enumerate(tally.outcomes)
    ]
    tests += [_finding(name, f, failing) for others in findings.values() for f in others]
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(tests)),
        failures=str(_holding(tests, "failure")),
        errors=str(_holding(tests, "error")),
        skipped=str(_holding(tests, "skipped")),
        time=f"{finished.seconds if finished else 0:.3f}",
    )
    if started:
        properties = ET.SubElement(suite, "properties")
        for key in ("postgres", "server", "seed", "version"):
            ET.SubElement(properties, "property", name=key, value=_safe(getattr(started, key)))
    suite.extend(tests)
    return suite


def _holding(tests: Iterable[ET.Element], tag: str) -> int:
    return sum(1 for test in tests if test.find(tag) is not None)


def _case_name(finding: Finding) -> str:
    """Return the name of the case that a finding would belong to, as `Case.name` writes it."""
    return f"{finding.subject}: {finding.slug}: {finding.title}"


def _case(
    system: str, outcome: Outcome, findings: list[Finding], mild: list[Finding]
) -> ET.Element:
    case = outcome.case
    test = ET.Element(
        "testcase",
        classname=_safe(f"{system}.{case.kind}"),
        name=_safe(f"{case.subject}: {case.title}"),
        time=f"{outcome.seconds:.6f}",
    )
    if isinstance(case, Case) and case.promise:
        _properties(test, (("promise", case.promise),))
    if mild:
        ET.SubElement(test, "system-out").text = _safe("\n\n".join(map(_told, mild)))
    if outcome.status is Status.PASSED:
        return test
    if findings:
        _properties(test, _facts(findings[0]))
    tag = {Status.FAILED: "failure", Status.ERROR: "error"}.get(outcome.status, "skipped")
    node = ET.SubElement(test, tag, message=_safe(outcome.reason))
    if tag != "skipped":
        node.text = _safe("\n\n".join(map(_told, findings)))
    return test


def _finding(system: str, finding: Finding, failing: frozenset[Severity]) -> ET.Element:
    test = ET.Element(
        "testcase",
        classname=_safe(f"{system}.{finding.slug}"),
        name=_safe(f"{finding.subject}: {finding.title}"),
        time="0",
    )
    _properties(test, _facts(finding))
    if finding.severity in failing:
        node = ET.SubElement(test, "failure", message=_safe(finding.title))
        node.text = _safe(_told(finding))
    return test


def _facts(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what a program may want to know of a finding without reading its words."""
    yield "fingerprint", finding.fingerprint
    yield "severity", finding.severity.value
    for name in ("found", "expected", "why", "fix", "source"):
        if text := getattr(finding, name):
            yield name, text
    if finding.evidence:
        yield "evidence", "\n".join(finding.evidence)


def _properties(test: ET.Element, facts: Iterable[tuple[str, str]]) -> None:
    """Add properties as pytest does: first in the case, all in one element."""
    held = test.find("properties")
    if held is None:
        held = ET.Element("properties")
        test.insert(0, held)
    for name, value in facts:
        ET.SubElement(held, "property", name=name, value=_safe(value))


def _told(finding: Finding) -> str:
    parts = (
        ("found", finding.found),
        ("expected", finding.expected),
        ("matters", finding.why),
        ("fix", finding.fix),
    )
    return "\n".join([*(f"{label} {text}" for label, text in parts if text), *finding.evidence])


def _safe(value: object) -> str:
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(value))
