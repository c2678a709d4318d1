"""Plans at production's size, as the user of a project asks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pgassay.core.names import QualifiedName
from pgassay.run.snapshotting import snapshot_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects.front_doors.copies import Copy

SWAPPED = 'Index("ordersOfCustomer", "placedAt", "customerId")'
INDEX = 'Index("ordersOfCustomer", "customerId", "placedAt")'


@pytest.fixture(scope="module")
def taken() -> dict[str, str]:
    return {}


@pytest.fixture
def prod(shop: Copy, taken: dict[str, str]) -> Path:
    """The snapshot of the shop with its small volume; taken once."""
    path = shop.root / "prod.json"
    if "prod" not in taken:
        done = shop.run("snapshot", "--volume", "small", "--out", "prod.json")
        assert done.returncode == 0, done.stderr
        assert "missing" not in done.stderr
        taken["prod"] = path.read_text(encoding="utf-8")
    path.write_text(taken["prod"], encoding="utf-8")
    return path


def test_a_sound_shop_is_clean_at_any_size(shop: Copy, prod: Path):
    done = shop.run(
        "bench", "--at", prod.name, "--scale", "1000", "--curve", "--indexes", "--alone",
        "--json", "at.json",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "prod.json 1,000x" in done.stdout
    assert "expectations about counts" in done.stdout
    assert "without ordersOfCustomer: latest_orders" in done.stdout
    (system,) = json.loads((shop.root / "at.json").read_text())["systems"]
    sizes = {plan["asked"].split(", ")[-1] for plan in system["plans"]}
    assert sizes >= {"1x", "10x", "100x", "1000x"}


def test_a_plan_that_fails_there_is_found_by_the_gate(shop: Copy, prod: Path):
    shop.replace(
        "pyproject.toml", 'benchmarks = "bench"', 'benchmarks = "bench"\nproduction = "prod.json"'
    )
    shop.replace("models.py", INDEX, SWAPPED)
    told = []
    for _ in range(2):  # the second time on the stage that is kept
        broken = shop.run("gate", "--phase", "production")
        assert broken.returncode == 1, broken.stdout
        assert "at production's size" in broken.stdout
        assert "of_customer" in broken.stdout
        told.append([line for line in broken.stdout.splitlines() if "error" in line])
        packs = set((shop.cache / "clusters").glob("*.pack"))
    assert told[0] == told[1]
    shop.replace("models.py", SWAPPED, INDEX)
    assert shop.run("gate", "--phase", "production").returncode == 0
    assert set((shop.cache / "clusters").glob("*.pack")) > packs, "another schema, another stage"
    # Another snapshot is another stage as well; a query that changes is asked anew.
    prod.write_text(prod.read_text().replace('"pgassay snapshot 1"', '"pgassay snapshot 9"'))
    assert shop.run("gate", "--phase", "production").returncode == 2


def test_a_snapshot_of_a_small_volume_is_brought_to_a_profile(shop: Copy, prod: Path):
    done = shop.run("snapshot", "--volume", "smoke", "--as", "small", "--out", "as.json")
    assert done.returncode == 0, done.stderr
    assert "rows of smoke were loaded, and brought to the size of small" in done.stderr
    truth, got = snapshot_in(prod), snapshot_in(shop.root / "as.json")
    for relation in truth.relations:
        found = got.relation(relation.name)
        assert found is not None
        assert found.rows == relation.rows
        assert found.blocks == pytest.approx(relation.blocks, rel=0.15, abs=2)
        for column in relation.columns:
            (ours,), (theirs,) = column.statistics, found.column(column.name).statistics
            assert theirs.kinds(found.rows) == pytest.approx(ours.kinds(relation.rows), rel=0.1)
            assert theirs.null == pytest.approx(ours.null, abs=0.02)
    same = shop.run("bench", "--at", "as.json", "--profile", "small")
    assert same.returncode == 0, same.stdout
    assert "plans are as at small" in same.stdout
    assert " instead of " not in same.stdout


def test_what_a_profile_states_is_what_the_snapshot_says(shop: Copy):
    (shop.root / "taken.toml").write_text(
        """
size = "medium"
[tables.Customer]
rows = 3_000_000
[tables.orders]
rows = 90_000_000
[tables.orders.statistics]
customerId = { distinct = 1_234_567, correlation = 0.25, common = [0.004, 0.003] }
"""
    )
    done = shop.run("snapshot", "--as", "taken.toml", "--out", "as.json")
    assert done.returncode == 0, done.stderr
    got = snapshot_in(shop.root / "as.json")
    assert got.rows == 93_000_000
    orders = got.relation(QualifiedName("public", "orders"))
    assert orders is not None
    (found,) = orders.column("customerId").statistics
    assert (found.distinct, found.correlation) == (1_234_567, 0.25)
    assert found.common == (0.004, 0.003)


def test_a_profile_that_does_not_fit_is_refused(shop: Copy):
    (shop.root / "other.toml").write_text("[tables.people]\nrows = 5\n")
    for profile, told in (("huge", '"huge"'), ("other.toml", "people")):
        done = shop.run("snapshot", "--as", profile)
        assert done.returncode == 2, done.stderr
        assert told in done.stderr
    done = shop.run("snapshot", "--volume", "nothing", "--as", "small")
    assert done.returncode == 2, done.stderr
    assert '"nothing"' in done.stderr


def test_bad_input_is_told_in_words(shop: Copy, prod: Path):
    without = shop.run("gate", "--phase", "production")
    assert without.returncode == 2
    assert "there is no snapshot of production" in without.stderr
    prod.write_text(prod.read_text()[:-100])
    cut = shop.run("bench", "--at", prod.name)
    assert cut.returncode == 2
    assert "not valid JSON" in cut.stderr
    alone = shop.run("bench", "--curve")
    assert alone.returncode == 2
    assert "--curve goes with --at" in alone.stderr
