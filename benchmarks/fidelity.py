"""Fidelity: are plans on the stage those of the loaded database?

    python -m benchmarks.fidelity                          # both systems at small, PostgreSQL 18
    python -m benchmarks.fidelity creativeflow --volume medium --postgres 17
    python -m benchmarks.fidelity pulse --lived-in         # as clients leave it, not as VACUUM does
    python -m benchmarks.fidelity creativeflow --volume medium --against large
    python -m benchmarks.fidelity --markdown reports/fidelity.md

A system is loaded. All its hot queries, and generated ones, are explained there and, with the same
values, on the stage that its snapshot makes. A plan has the same shape, or the same rows in every
node, or the same costs, rows and widths in every node. Then each ingredient is left out, and the
values; hot queries are also asked with values of the same role (typical, heaviest, absent) as
`pgassay bench --at` finds them: from the statistics, on both sides.

With --against, the snapshot of one volume is brought to the size of another that is really loaded.
Their rows are others, so only hot queries are asked, by role. Beside the plain multiplication stand
what the generator knows of the larger volume (`pgassay snapshot --as`) and what only the loaded one
could tell, put in one after the other: what each would be worth.

--kept FOLDER keeps what the loaded databases said; another run takes it from there.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.fidelity_questions import hot
from benchmarks.fidelity_scores import HEAD, Score, compared
from benchmarks.fidelity_sizes import brought, references_of
from benchmarks.fidelity_truth import plans, truth_of
from benchmarks.plan_faults import SYSTEMS, request_of
from pgassay.postgres.stage import Ingredient
from pgassay.run.bench import queries_of
from pgassay.run.foretelling import snapshot_foretold
from pgassay.run.production import ProductionStand
from pgassay.run.stage_values import StageValues
from pgassay.run.stand import Stand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.fidelity_scores import Outlines
    from benchmarks.fidelity_truth import Truth
    from pgassay.core.snapshot import Snapshot
    from pgassay.run.stage_values import Elsewhere
    from pgassay.run.stand import Request


def same_size(request: Request, truth: Truth, *, brief: bool) -> Iterator[Score]:
    """Yield the scores of every way to make a stage of a database's own snapshot.

    Args:
        request: the system.
        truth: what the database says.
        brief: leave out no ingredient alone.
    """
    names = [asking.name for asking in truth.hot]
    made = {key: plan for key, plan in truth.plans.items() if key not in names}
    asked = {key: plan for key, plan in truth.plans.items() if key in names}
    yield compared("the loaded one after another ANALYZE: hot", asked, truth.noise)
    yield compared("the loaded one after another ANALYZE: generated", made, truth.noise)
    ways: list[tuple[str, Snapshot, tuple[Ingredient, ...]]] = [
        ("all", truth.full, ()),
        *((f"without {one}", truth.full, (one,)) for one in Ingredient if not brief),
        ("without values and ends", truth.plain, (Ingredient.ENDS,)),
    ]
    for name, shown, without in ways:
        with ProductionStand(request, shown, without=without) as stage:
            for told in stage.production.told:
                print(f"  {name}: {told}", file=sys.stderr)
            explainer = stage.production.explainer(kept=request.system.settings)
            yield compared(f"{name}: hot", asked, plans(explainer, truth.hot))
            yield compared(f"{name}: generated", made, plans(explainer, truth.made))
            if without in ((), (Ingredient.ENDS,)):
                yield compared(
                    f"{name}: hot, values by role",
                    truth.role_plans,
                    _by_role(request, stage, truth.values),
                )


def _by_role(request: Request, stage: ProductionStand, elsewhere: Elsewhere) -> Outlines:
    """Return the plans of the hot queries with the values that the stage itself finds.

    A time that a query computes is no value of a column: it is that of the loaded database.
    """
    explainer = stage.production.explainer(kept=request.system.settings)
    values = StageValues(stage.production.snapshot, stage.places, explainer, elsewhere)
    return plans(explainer, hot(values, queries_of(request)))


def multiplied(
    request: Request, truth: Truth, larger: Truth, volume: str, against: str
) -> Iterator[Score]:
    """Yield the scores of every way to bring a snapshot to the size of a larger volume."""
    yield compared("the loaded one after another ANALYZE", larger.plans, larger.noise)
    with Stand(request) as stand:
        references = references_of(stand.catalogs[stand.proven])
    foretold = [
        ("foretold by the generator", snapshot_foretold(request, against, volume=volume)),
        ("foretold, from a part of 200,000 rows", snapshot_foretold(request, against)),
    ]
    for name, shown in (
        *((name, told.snapshot) for name, told in foretold),
        *brought(truth.full, larger.full, references),
    ):
        with ProductionStand(request, shown) as stage:
            yield compared(name, larger.role_plans, _by_role(request, stage, larger.values))


def main() -> int:
    """Run it; 1 if a hot query's plan has another shape with everything given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("systems", nargs="*", default=[])
    parser.add_argument("--volume", default="small", help="what the snapshot is taken of")
    parser.add_argument("--against", default="", help="bring it to this volume's size")
    parser.add_argument("--lived-in", action="store_true", help="after writes, before VACUUM")
    parser.add_argument("--brief", action="store_true", help="leave out no ingredient alone")
    parser.add_argument("--postgres", type=int)
    parser.add_argument("--generated", type=int, default=120)
    parser.add_argument("--kept", type=Path, help="where the truth is kept")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="each plan that differs")
    given = parser.parse_args()
    lines: list[str] = []
    bad = 0
    for system in given.systems or SYSTEMS:
        request = replace(request_of(system), postgres=given.postgres)

        def told(volume: str, request: Request = request) -> Truth:
            name = "-".join(
                [request.system.name, volume, str(given.postgres or 0), str(given.generated)]
                + ["lived-in"] * given.lived_in
            )
            return truth_of(
                request,
                volume,
                number=given.generated,
                lived_in=given.lived_in,
                kept=given.kept and given.kept / f"{name}.json",
            )

        truth = told(given.volume)
        loaded = told(given.against) if given.against else truth
        rows = f"{loaded.full.rows:,.0f} rows, {loaded.full.size / 2**20:,.0f} MiB"
        head = f"{system} at {given.against or given.volume} ({rows}) on {loaded.server}"
        head += f", brought from {given.volume}" if given.against else ""
        head += ", lived in" if given.lived_in else ""
        print("\n".join([head, "", *HEAD]), flush=True)
        lines += [head, "", *HEAD]
        scores = (
            multiplied(request, truth, loaded, given.volume, given.against)
            if given.against
            else same_size(request, truth, brief=given.brief)
        )
        for score in scores:
            lines.append(score.row())
            print(score.row(), flush=True)
            if given.verbose and score.others:
                print("\n".join(f"    {text}" for text in score.others), flush=True)
            if score.name.startswith("all: hot"):
                bad += score.asked - score.shape
        lines.append("")
        print(flush=True)
    if given.markdown:
        given.markdown.parent.mkdir(parents=True, exist_ok=True)
        given.markdown.write_text("\n".join(lines), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
