"""What is read of a database, what is not touched, and what is said of what may not be read."""

from __future__ import annotations

import json
import subprocess
import tomllib
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.names import QualifiedName
from pgassay.postgres.servers import ServerDeclaration
from pgassay.postgres.servers.binaries import Binaries, find_embedded
from pgassay.postgres.servers.local import LocalServer
from pgassay.postgres.statistics import parse, read, script
from pgassay.run.profiling import profile_of, statistics_in, statistics_of
from tests.postgres.profiling.conftest import MARKER, SCHEMA
from tests.postgres.volumes.loading import one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack
    from pathlib import Path

    from pgassay.postgres.servers import Server
    from tests.postgres.profiling.conftest import Connection, Market

TABLES = "countries, customers, products, orders, order_lines, visits, reviews"
_TOUCHED = """
    select relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0),
           (select coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0)
                   + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)
                   + coalesce(toast_blks_read, 0) + coalesce(toast_blks_hit, 0)
            from pg_statio_user_tables io where io.relid = st.relid)
    from pg_stat_user_tables st order by 1
"""


@pytest.fixture
def role(server: Server, market: Market) -> Iterator[str]:
    """A role that may connect and nothing else."""
    name = "reader_of_statistics"
    market.connection.execute(f"create role {name} login".encode())
    yield name
    market.connection.execute(f"drop owned by {name}; drop role {name}".encode())


def as_role(market: Market, role: str, stack: ExitStack) -> Connection:
    connection = stack.enter_context(market.server.connect(market.database))
    connection.autocommit = True
    connection.execute(f"set session authorization {role}".encode())
    return connection


def log_of(server: Server) -> Path:
    assert isinstance(server, LocalServer)
    return server.data.parent / "server.log"


def test_no_page_of_a_users_table_is_touched(market: Market, stack: ExitStack) -> None:
    market.connection.execute("select pg_stat_force_next_flush()")
    before = market.connection.execute(_TOUCHED.encode()).fetchall()
    assert len(before) == 10
    reader = stack.enter_context(market.server.connect(market.database))
    reader.autocommit = True
    assert len(read(reader).tables) == 10
    reader.execute("select pg_stat_force_next_flush()")
    assert market.connection.execute(_TOUCHED.encode()).fetchall() == before

    # The near miss: a query on one of them shows.
    reader.execute("select count(*) from customers")
    reader.execute("select pg_stat_force_next_flush()")
    assert market.connection.execute(_TOUCHED.encode()).fetchall() != before


def test_it_does_not_wait_for_tables_that_are_locked(market: Market, stack: ExitStack) -> None:
    """A query on a table, even to plan it, would wait for the lock and be cancelled."""
    holder = stack.enter_context(market.server.connect(market.database))
    holder.autocommit = False
    holder.execute(f"lock table {TABLES} in access exclusive mode".encode())
    reader = stack.enter_context(market.server.connect(market.database))
    reader.autocommit = True
    assert len(read(reader).tables) == 10
    reader.execute("set lock_timeout = '10ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        reader.execute("select from customers limit 1")


def test_the_log_has_the_statements_of_the_script_and_no_other(
    market: Market, stack: ExitStack
) -> None:
    log = log_of(market.server)
    start = log.stat().st_size
    statistics_of(market.server.conninfo(market.database), ())
    told = log.read_text(encoding="utf-8")[start:]
    statements = told.split("LOG:  statement: ")[1:]
    assert len(statements) == 1, "the script is sent as it is"
    assert script() in statements[0].replace("\n\t", "\n")


def test_the_script_reads_the_catalog_alone(market: Market) -> None:
    plan = market.connection.execute(
        b"explain (format json, verbose) " + _query(script()).encode()
    ).fetchone()
    assert plan is not None
    schemas = {node["Schema"] for node in _nodes(plan[0][0]["Plan"]) if "Relation Name" in node}
    assert schemas == {"pg_catalog"}


def _query(text: str) -> str:
    return text[text.index("with named") : text.rindex(";\nrollback")]


def _nodes(node: dict[str, object]) -> Iterator[dict[str, object]]:
    yield node
    for child in node.get("Plans", ()):  # type: ignore[attr-defined]  # a list, by its format
        yield from _nodes(child)


def test_nothing_can_be_written_by_it(market: Market, stack: ExitStack) -> None:
    reader = stack.enter_context(market.server.connect(market.database))
    reader.autocommit = True
    text = script().replace("rollback;", "create table written (id int); rollback;")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.execute(text.encode())


def test_psql_and_the_url_lead_to_the_same_profile(market: Market, tmp_path: Path) -> None:
    binaries = find_embedded(ServerDeclaration())
    assert isinstance(binaries, Binaries)
    psql = binaries.directory / "psql"
    file, out = tmp_path / "script.sql", tmp_path / "statistics.json"
    file.write_text(script(), encoding="utf-8")
    with out.open("w", encoding="utf-8") as to:
        subprocess.run(
            [str(psql), "-XAtq", "-f", str(file), market.server.conninfo(market.database)],
            stdout=to,
            check=True,
            timeout=60,
        )
    by_hand = profile_of(statistics_in(out, ())).text
    direct = profile_of(statistics_of(market.server.conninfo(market.database), ())).text
    drop = [line for line in direct.splitlines() if not line.startswith("at = ")]
    assert [line for line in by_hand.splitlines() if not line.startswith("at = ")] == drop
    assert MARKER not in out.read_text(encoding="utf-8")


def test_the_output_has_no_value_but_those_named(market: Market) -> None:
    def output(*named: tuple[QualifiedName, str]) -> str:
        cursor = market.connection.execute(script(named).encode())
        while cursor.description is None:
            assert cursor.nextset()
        row = cursor.fetchone()
        assert row is not None
        return str(row[0])

    assert MARKER not in output()
    text = output((QualifiedName("public", "orders"), "city"))
    assert MARKER in text
    known = parse(text, "output")
    shown = {
        f"{table.name}.{column.name}"
        for table in known.tables
        for column in table.columns
        if column.statistics is not None and (column.statistics.values or column.statistics.bounds)
    }
    assert shown == {"orders.city"}
    # What was read is not told unless it is named again.
    assert MARKER not in profile_of(known).text


def test_a_role_without_rights_gets_sizes_and_is_told_what_is_missing(
    market: Market, role: str, stack: ExitStack
) -> None:
    taken = profile_of(read(as_role(market, role, stack)))
    tables = tomllib.loads(taken.text)["tables"]
    assert tables["orders"]["rows"] == one(market.connection, "select count(*) from orders")
    assert taken.columns == 0
    told = {missing.what: missing for missing in taken.missing}
    assert len(told["statistics"].where) == 47
    assert f"and {role} may not" in told["statistics"].why
    assert "pg_read_all_data" in told["statistics"].fix
    assert told["extended statistics"].where == ("orders (orders_place)",)


def test_each_right_gives_its_ingredient(market: Market, role: str, stack: ExitStack) -> None:
    reader = as_role(market, role, stack)
    grant = f"grant select (tier, balance) on customers to {role}"
    market.connection.execute(grant.encode())
    assert profile_of(read(reader)).columns == 2

    # Statistics may be monitored, but pg_stats asks for SELECT.
    market.connection.execute(f"grant pg_monitor, pg_read_all_stats to {role}".encode())
    assert profile_of(read(reader)).columns == 2

    market.connection.execute(f"grant pg_read_all_data to {role}".encode())
    whole = profile_of(read(reader))
    assert whole.columns == profile_of(read(market.connection)).columns == 47
    assert [missing.what for missing in whole.missing] == ["extended statistics"]

    # Those are shown to the table's owner alone.
    market.connection.execute(f"grant postgres to {role}".encode())
    assert profile_of(read(reader)).missing == ()
    market.connection.execute(f"revoke postgres from {role}".encode())


def test_row_level_security_hides_statistics_and_is_told(
    server: Server, market: Market, role: str, stack: ExitStack
) -> None:
    name = server.create_database("secured")
    owner = stack.enter_context(server.connect(name))
    owner.autocommit = True
    owner.execute("create table t (id int); insert into t values (1), (2); analyze t;")
    owner.execute(f"grant select on t to {role}".encode())
    reader = stack.enter_context(server.connect(name))
    reader.autocommit = True
    reader.execute(f"set session authorization {role}".encode())
    assert profile_of(read(reader)).missing == ()
    owner.execute("alter table t enable row level security")
    (missing,) = profile_of(read(reader)).missing
    assert missing.where == ("t.id",)
    assert "row level security" in missing.why
    owner.execute(f"revoke all on t from {role}".encode())


def test_a_database_without_statistics_is_refused_and_analyze_named(
    server: Server, stack: ExitStack
) -> None:
    name = server.create_database("fresh")
    connection = stack.enter_context(server.connect(name))
    connection.autocommit = True
    connection.execute(SCHEMA.encode())
    with pytest.raises(MachineError, match="reltuples is -1 everywhere") as refused:
        profile_of(read(connection))
    assert "ANALYZE" in str(refused.value)
    connection.execute("insert into countries values ('XX', 'x', 'y'); analyze countries;")
    taken = profile_of(read(connection))
    never, together = taken.missing
    assert (never.what, together.what) == ("the number of rows", "extended statistics")
    assert set(never.where) >= {"customers", "orders"}
    assert "countries" not in never.where


def test_partitions_stand_for_a_parent_that_nobody_analyzed(
    server: Server, stack: ExitStack
) -> None:
    name = server.create_database("divided")
    connection = stack.enter_context(server.connect(name))
    connection.autocommit = True
    connection.execute(
        "create table t (id int, kind text) partition by range (id);"
        "create table t1 partition of t for values from (0) to (100);"
        "create table t2 partition of t for values from (100) to (1000);"
        "insert into t select i, case when i % 4 > 0 then 'k' || i % 3 end"
        " from generate_series(0, 399) i;"
        "analyze t1; analyze t2;"
    )
    taken = profile_of(read(connection))
    (pieced,) = taken.missing
    assert pieced.where == ("t.id", "t.kind")
    table = tomllib.loads(taken.text)["tables"]["t"]
    assert (table["rows"], table["partitions"]) == (400, {"t1": 0.25, "t2": 0.75})
    assert table["statistics"]["kind"]["null"] == pytest.approx(0.25)
    connection.execute("analyze t")
    assert profile_of(read(connection)).missing == ()


def test_an_unknown_column_is_refused_with_what_was_meant(market: Market) -> None:
    known = read(market.connection)
    for table, column, told in (
        ("orders", "citi", 'did you mean "city"?'),
        ("order", "city", 'did you mean "orders"?'),
    ):
        with pytest.raises(ConfigError) as refused:
            profile_of(known, named=[(QualifiedName("public", table), column)])
        assert told in str(refused.value)


def test_names_that_need_quoting_are_taken(server: Server, stack: ExitStack) -> None:
    name = server.create_database("quoted")
    connection = stack.enter_context(server.connect(name))
    connection.autocommit = True
    connection.execute(
        """create schema "S.x"; create table "S.x"."a""b'c" ("d.e" text, "f,g" int);"""
        """insert into "S.x"."a""b'c" select 'v' || i % 3, i from generate_series(1, 50) i;"""
        "analyze"
    )
    table = QualifiedName("S.x", "a\"b'c")
    known = read(connection, [(table, "d.e")])
    text = profile_of(known, named=[(table, "d.e")]).text
    stated = tomllib.loads(text)["tables"]["S.x.a\"b'c"]["statistics"]
    assert sorted(stated["d.e"]["values"]) == ["v0", "v1", "v2"]
    assert "values" not in stated["f,g"]
    assert json.dumps(text)
