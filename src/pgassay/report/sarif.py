"""SARIF 2.1.0 (OASIS): the findings that have a place in a source file, for code scanning.

What has no place cannot be shown beside code; how many of those there are is a notification.
"""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - documented attribute
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pgassay
from pgassay.core.finding import Finding, Severity
from pgassay.report.figures import count
from pgassay.report.listener import write_whole
from pgassay.report.place import place_of
from pgassay.report.tally import Tallies

if TYPE_CHECKING:
    from pgassay.core.event import Event
    from pgassay.report.tally import Tally

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


class SarifReport:
    """Writes `path` when closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tallies = Tallies()

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._tallies.hear(event)

    def close(self) -> None:
        """Write the file."""
        log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(self._tallies.all)]}
        text = json.dumps(log, ensure_ascii=False, indent=1)
        write_whole(self._path, text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def _run(tallies: list[Tally]) -> dict[str, Any]:
    findings = [(tally.system, f) for tally in tallies for f in tally.findings]
    placed = [(system, f) for system, f in findings if place_of(f)]
    slugs = sorted({finding.slug for _, finding in placed})
    left = len(findings) - len(placed)
    invocation: dict[str, Any] = {
        "executionSuccessful": bool(tallies) and not any(t.cut_short for t in tallies)
    }
    if left:
        told = f"{count(left, 'finding')} without a place in a file: see the other reports"
        invocation["toolExecutionNotifications"] = [{"level": "note", "message": {"text": told}}]
    return {
        "tool": {
            "driver": {
                "name": "pgassay",
                "semanticVersion": pgassay.__version__,
                "rules": [_rule(slug) for slug in slugs],
            }
        },
        "invocations": [invocation],
        "originalUriBaseIds": {"PROJECT": {"description": {"text": "the root of the project"}}},
        "results": [_result(system, f, slugs.index(f.slug)) for system, f in placed],
        "columnKind": "unicodeCodePoints",
    }


def _rule(slug: str) -> dict[str, Any]:
    return {"id": slug, "name": slug, "shortDescription": {"text": slug.replace("_", " ")}}


def _result(system: str, finding: Finding, rule: int) -> dict[str, Any]:
    place = place_of(finding)
    assert place is not None
    artifact: dict[str, Any] = {"uri": quote(place.file)}
    if not place.file.startswith("/"):
        artifact["uriBaseId"] = "PROJECT"
    parts = (
        ("found", finding.found),
        ("expected", finding.expected),
        ("matters", finding.why),
        ("fix", finding.fix),
    )
    told = "\n".join([f"{finding.subject}: {finding.title}", *(f"{k}: {v}" for k, v in parts if v)])
    return {
        "ruleId": finding.slug,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": told},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": place.line},
                },
                "logicalLocations": [{"fullyQualifiedName": f"{system}.{finding.subject}"}],
            }
        ],
        "partialFingerprints": {"pgassay/v1": f"{system}:{finding.fingerprint}"},
        "properties": {"system": system, "evidence": list(finding.evidence)},
    }
