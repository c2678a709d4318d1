"""The corpus of migrations, put to pgassay and to the public linters that install from PyPI.

    python -m benchmarks.migration_linters

Each linter gets every migration of `tests/postgres/hazards/corpus.toml` in a file of its own:
squawk as SQL, the Alembic linters as a revision whose statements are `op.execute`. It is run as
it comes, and once more without the rules that are policies and say nothing of the statement
itself (an IF NOT EXISTS, a timeout, a preferred type). Caught: it says anything at all of a
dangerous migration, whether it names the hazard or not; blamed: it says anything of a safe one.
That favours whoever talks much on the left, and whoever is silent on the right.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.postgres.servers import Profile, ServerDeclaration, open_server
from tests.postgres.hazards.corpus import Shop, migrations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.postgres.hazards.corpus import Migration

PACKAGES = ("squawk-cli", "alembic-guard", "zdm")
# Rules that fire on both twins of nearly every pair.
POLICIES = {
    "squawk": frozenset(
        {
            "prefer-robust-stmts",
            "require-statement-timeout",
            "require-lock-timeout",
            "require-timeout-settings",
            "prefer-text-field",
            "prefer-big-int",
            "prefer-bigint-over-int",
            "prefer-identity",
            "prefer-timestamptz",
            "require-table-schema",
        }
    )
}
_REVISION = '''"""{name}"""

from alembic import op

revision = "{number:04}"
down_revision = {before}


def upgrade() -> None:
{body}


def downgrade() -> None:
    pass
'''


@dataclass(slots=True)
class Score:
    """What one tool said of the corpus."""

    tool: str
    caught: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    blamed: list[str] = field(default_factory=list)

    def take(self, migration: Migration, *, speaks: bool) -> None:
        """Count one migration."""
        if migration.hazard is not None:
            (self.caught if speaks else self.missed).append(migration.name)
        elif speaks:
            self.blamed.append(migration.name)


def main() -> None:
    """Print how many dangerous migrations each tool catches, and how many safe ones it blames."""
    corpus = migrations()
    dangerous = sum(one.hazard is not None for one in corpus)
    scores = [_pgassay(corpus), *_linters(corpus)]
    print(f"| tool | dangerous, of {dangerous} | safe ones blamed, of {len(corpus) - dangerous} |")
    print("|---|---|---|")
    for score in scores:
        print(f"| {score.tool} | {len(score.caught)} | {len(score.blamed)} |")
    for score in scores:
        print(f"\n{score.tool}\n  misses: {'; '.join(score.missed) or 'none'}")
        print(f"  blames: {'; '.join(dict.fromkeys(score.blamed)) or 'none'}")


def _pgassay(corpus: Iterable[Migration]) -> Score:
    score = Score("pgassay migration")
    declaration = ServerDeclaration(profile=Profile.FAITHFUL)
    with open_server("embedded", declaration) as server:
        shop = Shop(server)
        for one in corpus:
            slugs = {finding.slug for finding in shop.run(one).findings}
            score.take(one, speaks=one.hazard in slugs if one.hazard else bool(slugs))
        shop.close()
    return score


def _linters(corpus: list[Migration]) -> list[Score]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        venv.create(folder / "venv", with_pip=True)
        programs = folder / "venv" / "bin"
        _run([str(programs / "python"), "-m", "pip", "install", "--quiet", *PACKAGES])
        listed = _run([str(programs / "python"), "-m", "pip", "freeze"]).stdout
        versions = dict(re.findall(r"^([\w-]+)==(\S+)$", listed, re.MULTILINE))
        files = [_write(folder, number, one) for number, one in enumerate(corpus, 1)]
        squawk = f"squawk-cli {versions['squawk-cli']}"
        scores = [Score(squawk), Score(f"{squawk}, policies off")]
        scores += [Score(f"{name} {versions[name]}") for name in PACKAGES[1:]]
        for one, (script, revision) in zip(corpus, files, strict=True):
            rules = _squawk(programs, script)
            scores[0].take(one, speaks=bool(rules))
            scores[1].take(one, speaks=bool(rules - POLICIES["squawk"]))
            scores[2].take(one, speaks=_guard(programs, revision))
            scores[3].take(one, speaks=_zdm(programs, revision))
        return scores


def _write(folder: Path, number: int, one: Migration) -> tuple[Path, Path]:
    script = folder / f"{number:04}.sql"
    statements = "".join(f"{text};\n" for text in one.sql)
    script.write_text(statements if one.alone else f"begin;\n{statements}commit;\n")
    versions = folder / str(number) / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text("")
    lines = [f"op.execute({text!r})" for text in one.sql]
    if one.alone:
        lines = [
            "with op.get_context().autocommit_block():",
            *(f"    {line}" for line in lines),
        ]
    body = "\n".join(f"    {line}" for line in lines)
    revision = versions / f"{number:04}_it.py"
    before = '"0000"'  # it stands on something: its tables are not its own
    revision.write_text(_REVISION.format(name=one.name, number=number, before=before, body=body))
    return script, revision


def _squawk(programs: Path, script: Path) -> set[str]:
    done = _run([str(programs / "squawk"), "--reporter", "json", str(script)])
    return {one["rule_name"] for one in json.loads(done.stdout or "[]")}


def _guard(programs: Path, revision: Path) -> bool:
    done = _run([str(programs / "alembic-guard"), "--format", "json", str(revision)])
    return bool(re.search(r"\bAG\d{3}\b", done.stdout))


def _zdm(programs: Path, revision: Path) -> bool:
    done = _run([str(programs / "zdm"), "--output-format", "json", str(revision)])
    return bool(re.search(r"\b[RZ]\d{3}\b|\"rule", done.stdout))


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
