"""`pgassay check` and `accept` as a person calls them: on a database by URL, and on a system."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from pgassay.cli.program import program
from pgassay.core.statement import Statement
from pgassay.postgres.looking import LookingSession
from pgassay.run.accepted import read_baseline
from pgassay.testing import check_findings, prove_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pgassay.postgres.servers import Server

SCHEMA = """
create schema "Shop";
create table "Shop"."Order" ("Id" bigint primary key);
create table "Shop"."Item" (
    "Id" bigint primary key,
    "orderId" bigint not null references "Shop"."Order" on delete set null
);
create index on "Shop"."Item" ("Id", "orderId");
create view "Shop".seen as select * from "Shop"."Item";
create function "Shop".f() returns int language sql as 'select 1';
create table alembic_version (version_num text);
insert into "Shop"."Order" values (1);
"""
SET_NULL = 'set_null_on_not_null:"Shop"."Item".Item_orderId_fkey'
NO_INDEX = 'foreign_key_without_index:"Shop"."Item".Item_orderId_fkey'


@pytest.fixture(scope="module")
def server(server_of: Callable[[int], Server]) -> Server:
    return server_of(18)


@pytest.fixture(scope="module")
def shop(server: Server) -> Iterator[str]:
    """The conninfo of a database for a role that may CONNECT to it and do nothing else."""
    name = server.create_database("looked_at")
    with server.connect(name) as connection:
        connection.execute(SCHEMA.encode())
        connection.execute("create role looker login password 'only looks'")
        connection.execute("revoke all on schema public from public")
        connection.execute(f'revoke all on database "{name}" from public'.encode())
        connection.execute(f'grant connect on database "{name}" to looker'.encode())
        connection.execute("vacuum")  # or reading the catalog tidies its pages up
    yield make_conninfo(server.conninfo(name), user="looker", password="only looks")
    with server.connect(name) as connection:
        connection.execute("drop owned by looker; drop role looker")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration is here or above."""
    monkeypatch.chdir(tmp_path)


def documented(path: Path) -> dict[str, Any]:
    (system,) = json.loads(path.read_text())["systems"]
    return dict(system)


def prints(path: Path) -> set[str]:
    return {finding["fingerprint"] for finding in documented(path)["findings"]}


def test_a_role_that_may_only_connect_gets_the_findings(shop: str, tmp_path: Path):
    document, junit = tmp_path / "found.json", tmp_path / "found.xml"
    assert program(["check", shop, "--json", str(document), "--junit", str(junit)]) == 1
    assert prints(document) == {SET_NULL, NO_INDEX}
    suite = ET.parse(junit).getroot().find("testsuite")
    assert suite is not None
    failed = [case.get("classname") for case in suite.iter("testcase") if len(case)]
    assert sorted(filter(None, failed)) == [
        "looked_at.foreign_key_without_index",
        "looked_at.set_null_on_not_null",
        "looked_at.set_null_on_not_null",  # what was found, and that the check failed
    ]
    with psycopg.connect(shop) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute('select from "Shop"."Item"')


def test_nothing_is_written_there(shop: str, server: Server):
    def written() -> object:
        with server.connect("looked_at") as connection:
            (place,) = connection.execute("select pg_current_wal_insert_lsn()::text").fetchone()
            return place

    program(["check", shop])  # what the first reading leaves in the catalog's pages
    before = written()
    assert program(["check", shop]) == 1
    assert written() == before


def test_who_looks_writes_nothing_and_leaves_nothing_in_the_session(server: Server):
    with server.connect("postgres") as connection:
        session = LookingSession(connection)
        refused, one = session.run_all(
            (Statement("create table t ()"), Statement("select $1::int + 1", ("1",)))
        )
        assert refused.refusal is not None
        assert refused.refusal.sqlstate == "25006"
        assert one.rows == (("2",),)
        for name in ("default_transaction_read_only", "statement_timeout", "lock_timeout"):
            (setting,) = connection.execute(f"show {name}".encode()).fetchone()
            assert setting in ("off", "0")


def test_findings_are_shown_with_what_mends_and_what_accepts_them(
    shop: str, capsys: pytest.CaptureFixture[str]
):
    program(["check", shop])
    said = capsys.readouterr().out
    assert "only read, as looker" in said
    assert 'create index concurrently on "Shop"."Item" ("orderId");' in said
    assert f"pgassay accept '{SET_NULL}' --reason '…' --file looked_at.accepted.toml" in said
    assert "only looks" not in said
    assert "alembic_version" not in said


def test_a_threshold_and_a_single_check_decide_the_exit_code(shop: str):
    one = ("--check", "foreign_key_without_index")
    assert program(["check", shop, *one]) == 1
    assert program(["check", shop, *one, "--fail-on", "error"]) == 0
    assert program(["check", shop, "--check", "money_column"]) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--check", "money_colum"), 2, 'did you mean "money_column"?'),
        (("--system", "shop"), 2, "no project here"),
        (("--today", "tomorrow"), 2, "is no date"),
        (("--check", "no_key", "--write-baseline"), 2, "a baseline is of every check"),
    ],
)
def test_wrong_use_says_what_would_be_right(
    shop: str, arguments: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
):
    assert program(["check", shop, *arguments]) == code
    assert said in capsys.readouterr().err


def test_a_database_that_is_not_there_is_the_environments_fault(
    server: Server, capsys: pytest.CaptureFixture[str]
):
    nowhere = make_conninfo(server.conninfo("postgres"), dbname="nowhere", password="secret words")
    assert program(["check", nowhere]) == 3
    assert program(["check", "postgresql://a:secret words@[::1"]) == 2
    assert "secret words" not in capsys.readouterr().err


PAGE = """\
-- A table is called as it should not be.
--
-- What it finds: tables.
--
-- Why it hurts: it does.
--
-- Bad:
--     create table wrong (id bigint primary key);
--
-- Good:
--     create table fine (id bigint primary key);
--
-- Fix: rename it.
--
-- When to ignore: never.
--
-- Reference: none.
"""
QUERY = """
select format('%I', relname) as object, null as part, relname || ' is called so' as found,
  format('alter table %I.%I rename to fine', relnamespace::regnamespace, relname) as fix
from pg_class where relname = 'wrong'
"""


@dataclass(frozen=True)
class Project:
    """A project whose system is built from reference DDL."""

    folder: Path

    def set(self, more: str) -> None:
        (self.folder / "pyproject.toml").write_text(
            f'[tool.pgassay.systems.shop]\nddl = "ddl"\n[tool.pgassay.systems.shop.checks]\n{more}'
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "ddl").mkdir()
    (tmp_path / "ddl" / "001_tables.sql").write_text(
        "create table author (id bigint primary key);\n"
        "create table wrong (id bigint primary key, a bigint references author);\n"
    )
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "named_wrong.sql").write_text(f"-- severity: warning\n{PAGE}{QUERY}")
    made = Project(tmp_path)
    made.set('own = "own"')
    return made


def test_a_system_is_checked_accepted_and_baselined(project: Project, tmp_path: Path):
    document = tmp_path / "found.json"
    check = ["check", "--json", str(document), "--today", "2026-06-15"]
    key = "foreign_key_without_index:wrong.wrong_a_fkey"
    assert program(check) == 1
    assert prints(document) == {key, "named_wrong:wrong"}

    accept = ["accept", key, "--reason", "it is small", "--until", "2026-06-15"]
    assert program(accept) == 0
    assert program(accept) == 2  # it is there already
    assert program(check) == 1
    assert prints(document) == {"named_wrong:wrong"}

    assert program([*check, "--write-baseline"]) == 0
    assert read_baseline(tmp_path / "shop.baseline") == {"named_wrong:wrong"}
    assert program(check) == 0
    assert documented(document)["phases"][-1]["counts"]["findings accepted"] == 1

    late = [*check[:-1], "2026-06-16"]
    assert program(late) == 1
    assert prints(document) == {key, f"acceptance:{key}"}

    project.set('own = "own"\nignore = ["named_wrong", "foreign_key_without_index"]')
    assert program(check) == 0  # nothing is judged that did not run


def test_a_check_of_ones_own_has_its_page_and_must_run(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert program(["explain", "named_wrong"]) == 0
    assert capsys.readouterr().out.startswith("A table is called as it should not be.")
    own = tmp_path / "own" / "named_wrong.sql"
    own.write_text(f"{PAGE}select 'a' as object, 'b' as found")
    broken = own.with_name("broken.py")
    broken.write_text(PYTHON.format(page=_page()).replace("ground.tables", "1 // 0"))
    assert program(["check"]) == 1
    said = capsys.readouterr().out
    assert "let the query return the columns object, part, found, fix" in said
    assert "ZeroDivisionError" in said
    assert "mend find() of the check" in said
    broken.unlink()
    own.write_text(f"{PAGE.replace('Good:', 'Better:')}{QUERY}")
    assert program(["check"]) == 2
    assert "the page lacks Good" in capsys.readouterr().err
    own.write_text(PAGE + QUERY)
    own.rename(own.with_name("no_key.sql"))
    assert program(["check"]) == 2
    assert 'pgassay has a check called "no_key" itself' in capsys.readouterr().err


PYTHON = '''"""{page}"""
from pgassay.checks import Need, Problem, Profile, Severity, Subject
NEED, SEVERITY, PROFILE = Need.CATALOG, Severity.ERROR, Profile.STRICT
OPTIONS = {{"name": "wrong"}}
def find(ground):
    for table in ground.tables:
        if table.name.name == ground.options["name"]:
            yield Problem(subject=Subject(object=str(table.name)), found="f", expected="e",
                          fix=f"alter table {{table.name.sql}} rename to fine;")
'''


def _page() -> str:
    return "\n".join(line.removeprefix("--").removeprefix(" ") for line in PAGE.splitlines())


def test_a_check_of_ones_own_is_proven_both_ways(server: Server, tmp_path: Path):
    python, sql = tmp_path / "called.py", tmp_path / "asked.sql"
    python.write_text(PYTHON.format(page=_page()))
    sql.write_text(PAGE + QUERY)
    name = server.create_database("proofs")
    with server.connect(name) as connection:
        for path in (python, sql):
            (finding,) = prove_check(path, connection, near_miss="create table wrongly (a int)")
            assert finding.slug == path.stem
            with pytest.raises(AssertionError, match="finds nothing in the bad schema"):
                prove_check(path, connection, bad="create table fine (a int)")
            with pytest.raises(AssertionError, match="in the near miss: "):
                prove_check(path, connection, near_miss="create table wrong (a int)")
        assert check_findings(python, connection, options={"name": "fine"}) == ()
        prove_check("everybody_may_create", connection)
        prove_check("foreign_key_without_index", connection)
