"""The reports in `reports/sample/`: `python -m benchmarks.sample_reports` makes them.

Each folder holds the events of its runs, compressed, and the reports made from those alone. With
`--again` nothing runs: the reports are made once more from the events that are kept, which is what
a change of a report asks for. A test holds the two in step.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pgassay.report.listener import write_whole
from pgassay.report.page.report import page
from pgassay.report.recording import read_recording
from pgassay.report.summary import summary
from pgassay.report.tally import Tallies

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "reports" / "sample"
_PROGRAM = "import sys; from pgassay.cli import main; sys.argv[0] = 'pgassay'; main()"
_SHOP = ROOT / "tests" / "projects" / "front_doors" / "project"
_TABLES = "migrations/versions/0001_tables.py"
_CREATIVEFLOW, _PULSE = ("--system", "creativeflow"), ("--system", "pulse")


@dataclass(frozen=True, slots=True)
class Sample:
    """One folder: the commands whose events it holds, in the order of the page.

    `broken` is what is replaced by what in a copy of the miniature shop, which then is run.
    """

    commands: dict[str, tuple[str, ...]]
    broken: dict[str, str] | None = None


SAMPLES = {
    "creativeflow": Sample(
        {
            "gate": ("gate", *_CREATIVEFLOW),
            "bench": ("bench", *_CREATIVEFLOW, "--profile", "smoke", "--indexes", "--growth"),
            "populate": ("populate", *_CREATIVEFLOW, "--profile", "small", "--no-wait"),
            "migration": ("migration", "head", *_CREATIVEFLOW, "--profile", "smoke"),
        }
    ),
    "pulse": Sample({"gate": ("gate", *_PULSE)}),
    "broken-shop": Sample(
        {"gate": ("gate",)},
        broken={
            ',\n            CONSTRAINT "one Name" UNIQUE ("Name"),\n': ",\n",
            "ON DELETE CASCADE": "ON DELETE SET NULL",
        },
    ),
}


def run(name: str, sample: Sample) -> None:
    """Run the commands of a sample and keep their events."""
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        place = ROOT
        if sample.broken is not None:
            place = Path(shutil.copytree(_SHOP, Path(scratch) / "shop"))
            text = (place / _TABLES).read_text(encoding="utf-8")
            for old, new in sample.broken.items():
                assert old in text, f"{_TABLES} no longer holds {old!r}"
                text = text.replace(old, new)
            (place / _TABLES).write_text(text, encoding="utf-8")
        for title, arguments in sample.commands.items():
            events = Path(scratch) / f"{title}.jsonl"
            program = [sys.executable, "-c", _PROGRAM, *arguments, "--events", str(events)]
            subprocess.run(program, cwd=place, check=sample.broken is None)
            packed = gzip.compress(events.read_bytes(), 9, mtime=0)
            (folder / f"{title}.jsonl.gz").write_bytes(packed)


def reports(name: str) -> dict[str, str]:
    """Return the text of each report of a sample, from the events that are kept."""
    titles = SAMPLES[name].commands
    recordings = [read_recording(FOLDER / name / f"{title}.jsonl.gz") for title in titles]
    tallies = [(tally, r.at) for r in recordings for tally in Tallies(r.events).all]
    notes = [note for recording in recordings for note in recording.notes]
    return {
        "index.html": page(tallies, notes),
        "summary.md": summary(tally for tally, _ in tallies),
    }


def main() -> None:
    """Make the samples that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SAMPLES, []], help="all by default")
    parser.add_argument("--again", action="store_true", help="from the events that are kept")
    given = parser.parse_args()
    for name in given.names or SAMPLES:
        if not given.again:
            run(name, SAMPLES[name])
        for file, text in reports(name).items():
            write_whole(FOLDER / name / file, text)
            print(FOLDER / name / file)


if __name__ == "__main__":
    main()
