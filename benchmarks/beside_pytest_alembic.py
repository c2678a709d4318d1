"""The gate side by side with pytest-alembic's built-in tests, on the same migrations.

    pip install pytest-alembic
    python -m benchmarks.beside_pytest_alembic
    python -m benchmarks.beside_pytest_alembic --sample 200 --seed 1 --runs 5

pytest-alembic is no dependency of the project. Its four built-in tests run as its manual says, on a
server that is there already, each on a fresh database; the gate brings its own. First both run on
the migrations as they are, in turns. Then a seeded sample of generated faults, from every operator
in turns, is planted, one at a time, as a last revision in a copy of the project: what a migration
that does the wrong thing would leave behind. Its downgrade does nothing. A fault is found where the
command turns red, whatever turned it red: also by a downgrade of an earlier revision that trips
over the fault. Faults that PostgreSQL refuses are not drawn; those that change no behaviour (a
comment, a statistics target) are, and are counted apart.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cost import Cost, conditions, medians, run
from benchmarks.faults import Study, chosen
from benchmarks.gate import PROGRAM
from pgassay.core.config import load_config
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.config import Config
    from pgassay.faults.fault import Fault

_SYSTEM, _SECTION = "creativeflow", "creativeflow"
_COPIED = (
    "pyproject.toml",
    "alembic.ini",
    "schema",
    "migrations",
    "factories",
    "suites",
    "benchmarks",
    "docs",
)
_SERVER = "BESIDE_SERVER"
_RED = 1  # exit code of both where something was found
_TESTS = """
import os
from itertools import count

import psycopg
import pytest
from alembic.config import Config
from pytest_alembic.tests import (  # noqa: F401 - pytest collects them
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import create_engine

SERVER, NUMBERS = os.environ["{server}"], count(1)


@pytest.fixture
def alembic_config():
    return Config("alembic.ini", ini_section="{section}")


@pytest.fixture
def alembic_engine():
    name = f"beside_{{os.getpid()}}_{{next(NUMBERS)}}"
    with psycopg.connect(SERVER, autocommit=True) as admin:
        admin.execute(f"create database {{name}}")
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(SERVER, dbname=name)
    )
    yield engine
    engine.dispose()
    with psycopg.connect(SERVER, autocommit=True) as admin:
        admin.execute(f"drop database {{name}} with (force)")
"""
_REVISION = '''"""A migration that does the wrong thing."""

from alembic import op

revision, down_revision = "wrong", {head!r}


def upgrade() -> None:
    for statement in {statements!r}:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    pass
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One of the two: a command in a copy of the project, and what it needs in its environment."""

    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str]

    def run(self, root: Path) -> tuple[Cost, bool]:
        """Return what it cost, and whether it was red."""
        cost, code, _ = run(self.command, root, expected=(0, _RED), variables=self.variables)
        return cost, code == _RED


def rivals(conninfo: str, cache: str) -> list[Rival]:
    """Return both, in the order in which they run."""
    tests = ("-m", "pytest", "-q", "-c", "beside.ini", "-p", "no:pgassay", "test_beside.py")
    gate = (PROGRAM, "gate", "--system", _SYSTEM)
    return [
        Rival(
            name="pytest-alembic", command=(sys.executable, *tests), variables={_SERVER: conninfo}
        ),
        Rival(name="pgassay gate", command=gate, variables={"PGASSAY_CACHE": cache}),
    ]


def copied(config: Config, target: Path) -> Path:
    """Copy the project, and write pytest-alembic's tests beside it."""
    for name in _COPIED:
        source = config.root / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy(source, target / name)
    tests = _TESTS.format(server=_SERVER, section=_SECTION)
    (target / "test_beside.py").write_text(tests, encoding="utf-8")
    (target / "beside.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    return target


def revision(root: Path, fault: Fault) -> Path:
    """Plant a fault as the last revision."""
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415 - of the project under test
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as said above

    ini = AlembicConfig(root / "alembic.ini", ini_section=_SECTION)
    directory = ScriptDirectory.from_config(ini)
    head = directory.get_current_head()
    path = Path(directory.dir, "versions", "wrong_revision.py")
    statements = [statement.script() for statement in fault.statements]
    path.write_text(_REVISION.format(head=head, statements=statements), encoding="utf-8")
    return path


def sampled(stand: Stand, sample: int, seed: int) -> list[Fault]:
    """Return so many faults that PostgreSQL takes, from every operator in turns."""
    study = Study(stand)
    faults = study.faults
    order = chosen(faults, sample=len(faults) - 1, seed=seed)
    found: list[Fault] = []
    for position in order:
        if len(found) == sample:
            break
        if study.refusal(faults[position]) is None:
            found.append(faults[position])
    return found


def found_by(
    fault: Fault, root: Path, both: Sequence[Rival], costs: Mapping[str, list[Cost]]
) -> set[str]:
    """Plant one fault and return who turned red."""
    path = revision(root, fault)
    red = set()
    try:
        for rival in both:
            cost, is_red = rival.run(root)
            costs[rival.name].append(cost)
            if is_red:
                red.add(rival.name)
    finally:
        path.unlink()
    return red


def main() -> int:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--config", type=Path, default=Path())
    parser.add_argument("--sample", type=int, default=100, help="faults")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=int, default=3, help="on the migrations as they are")
    given = parser.parse_args()
    if importlib.util.find_spec("pytest_alembic") is None:
        print("pytest-alembic is not here: pip install pytest-alembic", file=sys.stderr)
        return 2
    config = load_config(given.config)
    request = Request(config=config, system=config.system(_SYSTEM), today=datetime.now(UTC).date())
    print(conditions(), "", flush=True, sep="\n")
    with (
        Stand(request) as stand,
        tempfile.TemporaryDirectory(prefix="beside-") as folder,
        tempfile.TemporaryDirectory(prefix="beside-cache-") as cache,
    ):
        root = copied(config, Path(folder))
        both = rivals(stand.server.conninfo("postgres"), cache)
        as_they_are(both, root, Path(cache), given.runs)
        with_faults(sampled(stand, given.sample, given.seed), both, root)
    return 0


def as_they_are(both: Sequence[Rival], root: Path, cache: Path, runs: int) -> None:
    """Print what both cost where nothing is planted; RuntimeError if one turns red."""
    names = [both[0].name, f"{both[1].name}, cold", f"{both[1].name}, warm"]
    found: dict[str, list[Cost]] = {name: [] for name in names}
    for number in range(runs + 1):
        shutil.rmtree(cache)
        cache.mkdir()
        for name, rival in zip(names, (*both, both[1]), strict=True):
            cost, is_red = rival.run(root)
            if is_red:
                raise RuntimeError(f"{name} is red on the migrations as they are")
            if number:  # the first writes byte code
                found[name].append(cost)
    print(f"{runs} runs of each on the migrations as they are", "", sep="\n")
    print(
        "| command | wall s, least | median | CPU s, least | median |",
        "|---|--:|--:|--:|--:|",
        sep="\n",
    )
    for name, costs in found.items():
        print(f"| {name} | {medians(costs)} |")


def with_faults(faults: Sequence[Fault], both: Sequence[Rival], root: Path) -> None:
    """Print who found how many."""
    costs: dict[str, list[Cost]] = defaultdict(list)
    red: dict[str, list[Fault]] = {rival.name: [] for rival in both}
    for fault in faults:
        by = found_by(fault, root, both, costs)
        for name in by:
            red[name].append(fault)
        print(f"{fault.name}: {', '.join(sorted(by)) or 'nobody'}", file=sys.stderr, flush=True)
    silent = [fault for fault in faults if fault.explained]
    print("", f"{len(faults)} faults, of which {len(silent)} change no behaviour", "", sep="\n")
    print("| command | found | of those that change behaviour | of the others |")
    print("|---|--:|--:|--:|")
    for name, found in red.items():
        quiet = sum(bool(fault.explained) for fault in found)
        loud = f"{len(found) - quiet} of {len(faults) - len(silent)}"
        print(f"| {name} | {len(found)} | {loud} | {quiet} of {len(silent)} |")
    print("", "| with a fault | wall s, least | median | CPU s, least | median |", sep="\n")
    print("|---|--:|--:|--:|--:|")
    for name, each in costs.items():
        print(f"| {name} | {medians(each)} |")


if __name__ == "__main__":
    sys.exit(main())
