"""Plans at production's size, as the user of a project asks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

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
    broken = shop.run("gate", "--phase", "production")
    assert broken.returncode == 1, broken.stdout
    assert "at production's size" in broken.stdout
    assert "of_customer" in broken.stdout


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
