"""The bench, explain-query and the fixture, as the user of a project calls them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.projects.front_doors.sessions import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.projects.front_doors.copies import Copy

LATEST = "bench/queries/latest_orders.sql"
BASELINE = "bench/baselines/pg18/small.json"
SWAPPED = 'Index("ordersOfCustomer", "placedAt", "customerId")'


def events(shop: Copy, name: str) -> list[dict[str, Any]]:
    """Return the events of one name that the last run has recorded."""
    lines = (shop.root / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [event for event in map(json.loads, lines) if event.get("event") == name]


def steps(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield root
    for step in root.get("steps", ()):
        yield from steps(step)


def test_a_sound_shop_is_clean_and_keeps_its_history(shop: Copy):
    done = shop.run("bench", "--history", "nights.jsonl", "--json", "bench.json", "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 queries" in done.stdout
    assert "no baseline yet: bench/baselines/pg18/small.json" in done.stdout
    lines = [json.loads(line) for line in (shop.root / "nights.jsonl").read_text().splitlines()]
    assert {(line["query"], line["asked"]) for line in lines} >= {
        ("latest_orders", "heaviest"), ("of_customer", "typical")
    }  # fmt: skip
    assert all(line["buffers"] > 0 for line in lines)
    document = json.loads((shop.root / "bench.json").read_text())
    assert document["systems"][0]["passed"]
    plans = document["systems"][0]["plans"]
    assert {plan["query"] for plan in plans} == {"latest_orders", "of_customer"}


def test_an_accepted_baseline_is_quiet_until_a_plan_gets_worse(shop: Copy):
    assert shop.run("bench", "--accept").returncode == 0
    kept = json.loads((shop.root / BASELINE).read_text())
    assert kept["postgres"] == 18
    assert {entry["query"] for entry in kept["entries"]} == {"latest_orders", "of_customer"}
    quiet = shop.run("bench")
    assert quiet.returncode == 0, quiet.stdout
    assert "baseline" not in quiet.stdout

    shop.replace("models.py", 'Index("ordersOfCustomer", "customerId", "placedAt")', SWAPPED)
    worse = shop.run("bench")
    assert worse.returncode == 1
    assert "worse than the accepted plan" in worse.stdout


def test_only_some_queries_are_asked_and_accepted(shop: Copy):
    assert shop.run("bench", "--query", "of_customer", "--accept").returncode == 0
    kept = json.loads((shop.root / BASELINE).read_text())
    assert {entry["query"] for entry in kept["entries"]} == {"of_customer"}
    later = shop.run("bench")
    assert "latest_orders (typical) is not in bench/baselines/pg18/small.json yet" in later.stdout
    none = shop.run("bench", "--table", "Customer")
    assert "0 plans passed" in none.stdout or "plans passed" not in none.stdout


def test_a_baseline_of_another_volume_is_said_and_not_compared(shop: Copy):
    assert shop.run("bench", "--accept").returncode == 0
    other = shop.run("bench", "--seed", "5")
    assert other.returncode == 0
    assert "is not compared: seed 0, now 5" in " ".join(other.stdout.split())


def test_indexes_are_weighed(shop: Copy):
    done = shop.run("bench", "--indexes", "--events", "events.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr
    tried = {one["index"]: one for one in events(shop, "index_tried")}
    assert any(loss["matters"] for loss in tried["ordersOfCustomer"]["losses"])
    assert not any(loss["matters"] for loss in tried["orders_by_note"].get("losses", ()))
    plans = events(shop, "plan_seen")
    assert {plan["query"] for plan in plans} == {
        one["query"] for one in events(shop, "query_measured")
    }
    for plan in plans:
        assert sum(step.get("hot", False) for step in steps(plan["root"])) == 1
    assert "orders.ordersOfCustomer" in done.stdout.replace('"', "")
    assert "index_unneeded: no query, constraint or foreign key needs it" in done.stdout
    assert "drop index concurrently public.orders_by_note" in done.stdout


def test_growth_is_fitted_over_three_volumes(shop: Copy):
    for name, rows in (("one", 400), ("two", 2000), ("three", 10000)):
        (shop.root / f"{name}.toml").write_text(
            f"[tables.Customer]\nrows = {rows}\n\n"
            '[tables.orders]\nper = "customerId"\nmean = 3\nmost = 50\n'
        )
    (shop.root / "bench/queries/notes.sql").write_text(
        "-- name: orders without a note\n-- why: the clean-up\n"
        "-- parameter length: 0\n\nselect id from orders where length(note) < :length"
    )
    over = "one.toml,two.toml,three.toml"
    asked = ("bench", "--profile", "one.toml", "--growth", "--over", over)
    done = shop.run(*asked, "--events", "events.jsonl")
    fitted = {(one["query"], one["asked"]): one for one in events(shop, "growth_fitted")}
    assert fitted["notes", "typical"]["growth"] == "linear"
    points = fitted["notes", "typical"]["points"]
    assert [point["rows"] for point in points] == sorted(point["rows"] for point in points)
    assert len(points) == 3
    assert done.returncode == 1, done.stdout + done.stderr
    # Pages follow the rows, which are told.
    assert "plan_growth: rows read grow: linear (typical)" in done.stdout
    assert "latest_orders: plan_growth" not in done.stdout
    (shop.root / "bench/queries/notes.sql").unlink()
    calm = shop.run("bench", "--profile", "one.toml", "--growth", "--over", over)
    assert calm.returncode == 0, calm.stdout


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('index "ordersOfCustomer"', 'index "orderOfCustomer"', 'did you mean "ordersOfCustomer"?'),
        ('orders."customerId"', 'orders."customer"', 'no column of orders "customer"'),
        ("-- why:", "-- wy:", '"wy" is no entry of a header'),
        ("where", "whre", "latest_orders.sql:10"),
        ("select id,", "select nothing,", "42703"),
    ],
)
def test_a_damaged_query_names_its_file_and_line(shop: Copy, old: str, new: str, says: str):
    shop.replace(LATEST, old, new)
    done = shop.run("explain-query", LATEST)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr
    assert "latest_orders.sql" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_query_that_takes_too_long_is_cancelled_and_reported(shop: Copy):
    (shop.root / "bench/queries/slow.sql").write_text(
        "-- name: slow\n-- why: slow\n-- limit: 50 ms\n\nselect pg_sleep(20)"
    )
    done = shop.run("bench", "--query", "slow")
    assert done.returncode == 1
    assert "cancelled after 0.05 s" in done.stdout


def test_an_explained_query_shows_its_tree_and_what_is_wrong(shop: Copy):
    sound = shop.run("explain-query", LATEST)
    assert sound.returncode == 0, sound.stderr
    assert 'using "ordersOfCustomer" on orders' in sound.stdout
    assert "latest_orders (heaviest)" in sound.stdout

    shop.replace(LATEST, '"customerId" = :customer', '"customerId"::text = :customer')
    wrong = shop.run("explain-query", LATEST)
    assert wrong.returncode == 1
    assert "=> " in wrong.stdout
    assert 'compare "customerId" as the integer that it is' in wrong.stdout


def test_wrong_use_is_said(shop: Copy):
    nobody = shop.run("bench", "--query", "latest_order")
    assert nobody.returncode == 2
    assert 'did you mean "latest_orders"?' in nobody.stderr
    few = shop.run("bench", "--growth", "--over", "smoke,small")
    assert few.returncode == 2
    shop.replace("pyproject.toml", 'benchmarks = "bench"', "")
    none = shop.run("bench")
    assert none.returncode == 2
    assert "there is no hot query" in none.stderr


def test_a_test_asks_for_the_plan_of_a_statement(shop: Copy):
    (shop.root / "test_plans.py").write_text(
        """
import pytest
from models import of_customer


def test_plans(plan_of):
    sql = 'select * from orders where "customerId" = :customer'
    plan = plan_of(sql, customer=plan_of.typical('orders."customerId"'))
    assert plan.indexes == {'"ordersOfCustomer"'}, str(plan)
    assert not plan.sequential_scans and plan.rows_read == plan.rows > 0
    assert plan_of(sql, customer=plan_of.absent('orders."customerId"')).rows == 0
    assert plan_of(of_customer, customer=3).indexes == {'"ordersOfCustomer"'}
    assert plan_of("select * from orders where note || '' = 'x'").sequential_scans == {"orders"}


def test_a_statement_without_its_value(plan_of):
    with pytest.raises(Exception, match="has no value"):
        plan_of("select :x")


def test_that_fails(plan_of):
    plan = plan_of("select * from orders")
    assert plan.sequential_scans == set(), str(plan)
"""
    )
    done = run(shop, "-q", "test_plans.py")
    assert "2 passed" in done.stdout
    assert "1 failed" in done.stdout
    assert "Seq Scan on orders" in done.stdout


def test_the_night_before_is_told(shop: Copy):
    first = shop.run("bench", "--history", "nights.jsonl")
    assert "no night before to compare with" in first.stdout
    second = shop.run("bench", "--history", "nights.jsonl")
    assert "plans 0 touch other numbers of pages, 0 are new, 0 are gone" in " ".join(
        second.stdout.split()
    )
    shop.replace("models.py", 'Index("ordersOfCustomer", "customerId", "placedAt")', SWAPPED)
    third = shop.run("bench", "--history", "nights.jsonl", "--events", "events.jsonl")
    nights = [n for n in events(shop, "night_before") if n["query"] == "latest_orders"]
    assert len({night["at"] for night in nights}) == 2
    told = " ".join(third.stdout.split())
    assert re.search(r"latest_orders \(typical\): [\d,]+ → [\d,]+ buffers", told)
    lines = (shop.root / "nights.jsonl").read_text().splitlines()
    assert len({json.loads(line)["at"] for line in lines}) == 3
    (shop.root / "nights.jsonl").write_text("{\n")
    damaged = shop.run("bench", "--history", "nights.jsonl")
    assert damaged.returncode == 2
    assert "nights.jsonl:1" in damaged.stderr


def test_several_clients_are_told_and_judged_by_nobody(shop: Copy):
    done = shop.run("bench", "--clients", "2", "--seconds", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 clients for 1 s: " in done.stdout
    assert "latest_orders: " in done.stdout


def test_the_gate_judges_plans_where_it_is_asked_to(shop: Copy):
    sound = shop.run("gate", "--phase", "plans")
    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert "plans" in sound.stdout
    shop.replace("models.py", 'Index("ordersOfCustomer", "customerId", "placedAt")', SWAPPED)
    wrong = shop.run("gate", "--phase", "plans")
    assert wrong.returncode == 1
    assert "latest_orders" in wrong.stdout
    unknown = shop.run("gate", "--phase", "plan")
    assert unknown.returncode == 2
    assert 'did you mean "plans"?' in unknown.stderr


def test_queries_and_writes_are_timed_by_pytest_benchmark(shop: Copy):
    (shop.root / "test_timing.py").write_text(
        "from pgassay.testing import Timings\n\n"
        'shop = Timings("shop", writes=("orders", "Customer"), rounds=3)\n'
    )
    options = (
        "-q",
        "-rs",
        "test_timing.py",
        "--benchmark-min-rounds=3",
        "--benchmark-max-time=0.01",
    )
    done = run(shop, *options, "--benchmark-json=times.json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((shop.root / "times.json").read_text())["benchmarks"]
    times = {one["name"]: one for one in found}
    assert {"latest_orders[heaviest]", "of_customer[typical]", "orders[insert 1]",
            "orders[insert 1,000]", '"Customer"[update one]', "orders[delete one]",
            } <= set(times)  # fmt: skip
    assert "violates foreign key constraint" in done.stdout  # customers with orders stay
    assert '"Customer"[delete the heaviest and all beneath]' not in times
    assert times["orders[insert 1,000]"]["extra_info"]["rows"] == 1000
    assert times["orders[insert 1]"]["stats"]["rounds"] == 3
    assert times["latest_orders[heaviest]"]["group"] == "shop: latest_orders"
    assert times["latest_orders[heaviest]"]["extra_info"]["profile"] == "small"
    wrong = 'shop = Timings("shop", writes=("order",))\n'
    (shop.root / "test_timing.py").write_text(f"from pgassay.testing import Timings\n\n{wrong}")
    unknown = run(shop, *options)
    assert 'did you mean "orders"?' in unknown.stdout
