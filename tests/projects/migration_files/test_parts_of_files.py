"""The parts that ask for a history, of a plain SQL file: data, adversaries, history, kills.

And its plans at production's size, by a snapshot that the same project took and multiplied.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.cli.program import program
from pgassay.core.errors import MachineError
from pgassay.core.snapshot_file import parse_snapshot
from pgassay.postgres.servers import ServerDeclaration, ServerKind
from pgassay.postgres.servers.opening import choose
from pgassay.staging.scaling import scaled

FILES = {
    "pyproject.toml": '[tool.pgassay.systems.shop]\nsql = "sql"\nbenchmarks = "queries"\n',
    "sql/V1__tables.sql": """
create table customers (id int primary key, email text);
create table orders (
    id int primary key, customer int not null references customers, token text not null, paid int
);
create index orders_token on orders (token);
create index orders_paid on orders (paid);
""",
    "queries/queries/order_by_token.sql": """-- name: the order behind a link
-- why: every mail holds one
-- parameter token: orders.token
-- expect: index orders_token

select id from orders where token = :token;
""",
    "queries/queries/orders_of_customer.sql": """-- name: the orders of a customer
-- why: the page of a customer
-- parameter customer: orders.customer
-- expect: at most 500 shared buffers

select id from orders where customer = :customer;
""",
    # What each file is, and what its parts are to find of it.
    "required.sql": "alter table customers alter column email set not null;\n",
    "mended.sql": """
update customers set email = 'nobody@example.org' where email is null;
alter table customers alter column email set not null;
""",
    "halved.sql": "delete from orders where id % 2 = 0;\nalter table orders add note text;\n",
    "emptied.sql": "alter table orders alter column token type varchar(3) using left(token, 3);\n",
    "alone.sql": """
create index concurrently orders_customer on orders (customer);
alter table orders add note text;
""",
    "alone_again.sql": """
drop index concurrently if exists orders_customer;
create index concurrently orders_customer on orders (customer);
alter table orders add column if not exists note text;
""",
    "R__once.sql": "create view paid as select id from orders where paid > 0;\n",
    "R__again.sql": "create or replace view paid as select id from orders where paid > 0;\n",
    "token.sql": "drop index orders_token;\n",
    "paid.sql": "drop index orders_paid;\n",
}


@pytest.fixture(scope="module", autouse=True)
def _project(tmp_path_factory: pytest.TempPathFactory) -> object:
    root = tmp_path_factory.mktemp("shop of files")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        yield


# Each is seconds; the thorough run has all of them.
slow = pytest.mark.slow


def run(file: str, *parts: str, more: tuple[str, ...] = ()) -> int:
    named = [word for part in parts for word in ("--part", part)]
    return program(["migration", file, "--profile", "smoke", *named, *more])


def test_a_row_that_a_file_does_not_take_is_told_with_its_query(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("required.sql", "history", "adversaries") == 0
    told = capsys.readouterr().out
    assert "warning customers.email  adversarial_data" in told
    assert "from public.customers where email is null" in told

    assert run("mended.sql", "adversaries") == 0
    assert "adversarial_data" not in capsys.readouterr().out


@slow
def test_rows_that_a_file_takes_away_or_cuts_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("halved.sql", "data") == 0
    told = capsys.readouterr().out
    assert "warning orders  " in told
    assert "a plain SQL file has no way back" in told

    assert run("emptied.sql", "data") == 1
    assert "error orders.token" in capsys.readouterr().out


@slow
def test_a_file_in_one_transaction_leaves_nothing_wherever_it_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("mended.sql", "history", "killed") == 0
    told = capsys.readouterr().out
    assert "3 statements, 0 outside a transaction; ended at 2 of them" in told
    assert "leaves something" not in told


def test_a_file_outside_of_one_has_to_be_one_that_can_be_run_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("alone.sql", "history", "killed") == 1
    told = capsys.readouterr().out
    assert "history_failure: after a failure a second run does not finish the job" in told
    for way in ("session", "client", "server"):
        assert told.count(f"ended with the {way}, a second run does not finish the job") == 2

    assert run("alone_again.sql", "history", "killed") == 0
    told = capsys.readouterr().out
    assert "it leaves something that a second run finishes" in told


def test_a_repeatable_file_has_to_run_a_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("R__once.sql", "history") == 1
    told = capsys.readouterr().out
    assert "history_again: a second run is not harmless" in told
    assert 'relation "paid" already exists' in told

    assert run("R__again.sql", "history") == 0
    assert "3 passed" in capsys.readouterr().out


@pytest.fixture(scope="module")
def production(_project: object) -> str:
    """A snapshot of the shop's own volume, ten thousand times as large."""
    del _project
    assert program(["snapshot", "--system", "shop", "--volume", "smoke", "--out", "one.json"]) == 0
    taken = parse_snapshot(Path("one.json").read_text(), "one.json")
    Path("prod.json").write_text(scaled(taken, 10_000).text())
    return "prod.json"


@pytest.mark.parametrize("postgres", ["18", pytest.param("16", marks=slow)])
def test_an_index_that_matters_only_at_productions_size_is_missed_there(
    postgres: str, production: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        choose(ServerKind.EMBEDDED, ServerDeclaration(postgres=int(postgres)))
    except MachineError as error:
        pytest.skip(error.found)  # PGASSAY_PG_BIN names its programs
    more = ("--production", production, "--postgres", postgres)

    assert run("token.sql", "plans", more=more) == 1
    told = capsys.readouterr().out
    worse = "plan_behind: worse plan behind token.sql at production's size"
    assert f"error order_by_token.typical, production  {worse}" in told
    assert "orders_token is gone; cost" in told
    assert told.count("plan_behind: ") == told.count("at production's size\n  found")

    assert run("paid.sql", "plans", more=more) == 0
    assert "plan_behind: " not in capsys.readouterr().out


def test_without_production_the_same_file_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("token.sql", "plans", more=("--no-production",)) == 0
    assert "shop: clean" in capsys.readouterr().out


def test_a_snapshot_that_is_damaged_is_refused_with_the_place(
    production: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(production).read_text()
    Path("torn.json").write_text(text[:-200])
    Path("forged.json").write_text(text.replace('"null": ', '"null": 7', 1))

    for name, found in (
        ("torn.json", "not valid JSON"),
        ("forged.json", "a share"),
        ("no.json", ""),
    ):
        assert run("token.sql", "plans", more=("--production", name)) == 2
        said = capsys.readouterr().err
        assert name in said
        assert found in said


@slow
def test_a_snapshot_of_another_schema_is_told_with_the_differences(
    production: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(production).read_text().replace("orders_token", "orders_secret")
    Path("other.json").write_text(text.replace('["token"]', '["secret"]'))

    assert run("paid.sql", "plans", more=("--production", "other.json")) == 0
    told = capsys.readouterr().out
    assert "other.json is of another schema than the one before paid.sql" in told
    assert "orders_secret" in told
