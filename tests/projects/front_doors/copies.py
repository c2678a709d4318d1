"""A copy of the miniature project, and the program run in it as its user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent / "project"
TABLES = "migrations/versions/0001_tables.py"
_PROGRAM = "import sys; from pgassay.cli import main; sys.argv[0] = 'pgassay'; main()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of the project that a test may break, with a cache that all copies share."""

    root: Path
    cache: Path

    def environment(self, **more: str) -> dict[str, str]:
        own = (
            "PGASSAY_",
            "PYTEST_",
            "HYPOTHESIS_",
            "GITHUB_",
            "NO_COLOR",
            "FORCE_COLOR",
            "COLUMNS",
        )
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(own)}
        # Python's files of bytes would be read by another user's interpreter, never by this one.
        fixed = {"PGASSAY_CACHE": str(self.cache), "PYTHONWARNINGS": "error"}
        return {**inherited, **fixed, "PGASSAY_SERVER": "embedded", **more}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", _PROGRAM, *arguments]

    def run(
        self, *arguments: str, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=cwd or self.root,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,  # a guard against what never ends, on a busy machine as well
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace what stands exactly once in a file."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")


def copied(to: Path, cache: Path) -> Copy:
    ignored = shutil.ignore_patterns("__pycache__", ".hypothesis")
    return Copy(root=Path(shutil.copytree(PROJECT, to, ignore=ignored)), cache=cache)
