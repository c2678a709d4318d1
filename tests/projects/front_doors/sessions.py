"""Sessions of pytest in a copy of the miniature project, as its user starts them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.projects.front_doors.copies import Copy

SUITE = "from pgassay.testing import Suite\n\nderived = Suite('shop'{more})\n"
KEPT = ("-p", "no:cacheprovider")


def suited(project: Copy, more: str = "") -> Copy:
    (project.root / "test_derived.py").write_text(SUITE.format(more=more), encoding="utf-8")
    return project


def run(project: Copy, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Random order is this repository's habit, not the user's; his plugins are what he has.
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", *arguments]
    return subprocess.run(
        command,
        cwd=project.root,
        env=project.environment(PYTHONWARNINGS="default", NO_COLOR="1"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
