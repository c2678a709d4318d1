"""The study of plan faults: what makes plans worse, planted one at a time, and who sees it.

    python -m benchmarks.plan_faults                    # both systems
    python -m benchmarks.plan_faults creativeflow --only "index dropped" -v
    python -m benchmarks.plan_faults --markdown docs/plan-faults.md
    python -m benchmarks.plan_faults pulse --repeat 20  # plant nothing; nothing may be told

The faults of a system stand in `benchmarks/<system>/plan_faults.toml`. One that is about the
database is planted on a copy of it, one that is about the text of a query in a copy of its file.
All queries that read the same tables are then asked, held against their headers and against the
plans of the untouched database; the query that the fault is aimed at is asked at every volume.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from benchmarks.plan_silence import silent
from benchmarks.plan_study import Result, Study, Volume, read_faults
from pgassay.core.config import load_config
from pgassay.run.bench import queries_of
from pgassay.run.populated import PopulatedStand
from pgassay.run.stand import Request
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SYSTEMS = ("creativeflow", "pulse")
_WAYS = ("expectation", "baseline", "growth")


def request_of(system: str, *, seed: int = 0) -> Request:
    """Return the request of a system of this repository, on the server that it declares."""
    config = load_config(Path())
    return Request(
        config=config, system=config.system(system), today=datetime.now(UTC).date(), seed=seed
    )


def examined(system: str, profiles: Sequence[str], only: str, *, told: bool) -> list[Result]:
    """Plant every fault of a system and return what became of each."""
    request = request_of(system)
    queries = queries_of(request)
    folder = request.system.benchmarks
    assert folder is not None
    faults = [f for f in read_faults(folder / "plan_faults.toml") if only in f.name]
    found: list[Result] = []
    stands = [PopulatedStand(request, order_of(request, profile=name)) for name in profiles]
    try:
        volumes = []
        for stand in stands:
            for _ in stand.fill():
                pass
            volumes.append(Volume.of(stand))
        study = Study(volumes, queries, folder / "queries", request.config.root)
        for number, fault in enumerate(faults, 1):
            started = perf_counter()
            result = study.examine(fault)
            found.append(result)
            if told:
                way = ", ".join(result.ways) or ("no fault" if not result.real else "NONE")
                seconds = perf_counter() - started
                print(f"{number}/{len(faults)} {fault.name}: {way} ({seconds:.1f} s)", flush=True)
                for line in (*result.expectation[:2], *result.baseline[:2], *result.growth[:1]):
                    print(f"      {line}", flush=True)
                print(f"      {result.real}", flush=True)
    finally:
        for stand in stands:
            stand.close()
    return found


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the table of a study as Markdown: a line for each fault."""
    yield "| fault | query | what it costs | expectation | baseline | growth |"
    yield "|---|---|---|:-:|:-:|:-:|"
    for result in results:
        marks = [_mark(result, way) for way in _WAYS]
        cost = result.real or "nothing: no fault"
        yield f"| {result.fault.kind} | {result.fault.query} | {cost} | {' | '.join(marks)} |"
    real = [result for result in results if result.real]
    counts = [str(sum(way in result.ways for result in real)) for way in _WAYS]
    yield f"| **{len(real)} faults** | | | {' | '.join(counts)} |"


def _mark(result: Result, way: str) -> str:
    if way == "baseline" and result.other and way not in result.ways:
        return "another plan"
    return "yes" if way in result.ways else ""


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Yield in words how many faults are seen, and each that nothing sees."""
    real = [result for result in results if result.real]
    seen = [result for result in real if result.ways]
    warned = [result for result in real if not result.ways and result.other]
    yield (
        f"{len(results)} faults planted, {len(real)} change what a plan costs; {len(seen)} of them "
        f"turn the bench red, {len(warned)} more are told as another plan."
    )
    for result in results:
        if result.survives:
            yield f"- seen by nothing: {result.fault.name}: {result.real}"
        elif not result.real:
            why = result.refused or result.fault.equivalent or "UNEXPLAINED"
            yield f"- no fault: {result.fault.name}: {why}"


def document(system: str, results: Sequence[Result], conditions: str) -> Iterator[str]:
    """Yield a system's part of docs/plan-faults.md."""
    yield f"## {system}"
    yield ""
    yield conditions
    yield ""
    yield from summary(results)
    yield ""
    yield from table(results)
    yield ""


def _study(systems: Sequence[str], given: argparse.Namespace) -> int:
    bad = 0
    lines: list[str] = []
    profiles = [name.strip() for name in given.over.split(",")]
    for system in systems:
        wall = perf_counter()
        results = examined(system, profiles, given.only, told=given.verbose)
        conditions = (
            f"Expectations and baseline at `{profiles[given.judged]}`, growth over "
            f"{', '.join(f'`{name}`' for name in profiles)}; "
            f"`python -m benchmarks.plan_faults {system}`."
        )
        lines += document(system, results, conditions)
        print(*document(system, results, conditions), sep="\n")
        print(f"{perf_counter() - wall:.0f} s", file=sys.stderr)
        bad += sum(r.survives or not (r.real or r.fault.equivalent) for r in results)
    if given.markdown:
        _write(given.markdown, lines)
    return 1 if bad else 0


_BEGIN, _END = "<!-- generated: python -m benchmarks.plan_faults -->", "<!-- end -->"


def _write(path: Path, lines: Sequence[str]) -> None:
    """Put the tables between the marks of a document; what people wrote stays."""
    text = path.read_text(encoding="utf-8") if path.exists() else f"{_BEGIN}\n{_END}\n"
    head, _, rest = text.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    body = "\n".join(lines).strip()
    path.write_text(f"{head}{_BEGIN}\n\n{body}\n\n{_END}{tail}", encoding="utf-8")


def _repeat(systems: Sequence[str], times: int) -> int:
    bad = 0
    for system in systems:
        for number in range(times):
            started, cpu = perf_counter(), process_time()
            repeat = silent(request_of, system, number)
            bad += len(repeat.told)
            seconds, spent = perf_counter() - started, process_time() - cpu
            print(
                f"{system} {number + 1}/{times}: {repeat.how}: {repeat.plans} plans, "
                f"{len(repeat.told)} told ({seconds:.1f} s, {spent:.1f} s CPU here)",
                flush=True,
            )
            print(*(f"      {line}" for line in repeat.told), sep="\n", end="")
    return 1 if bad else 0


def main() -> int:
    """Run the study; 1 where a fault survives, or where something is told without one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help="creativeflow, pulse (both)")
    parser.add_argument("--only", default="", help="faults whose name holds this")
    parser.add_argument("--over", default="smoke,small,medium", help="the volumes, growing")
    parser.add_argument("--markdown", type=Path, help="write the tables into this document")
    parser.add_argument("--repeat", type=int, metavar="TIMES", help="plant nothing, so often")
    parser.add_argument("-v", "--verbose", action="store_true", help="each fault")
    given = parser.parse_args()
    given.judged = 1
    systems = given.systems or SYSTEMS
    return _repeat(systems, given.repeat) if given.repeat else _study(systems, given)


if __name__ == "__main__":
    sys.exit(main())
