"""`pgassay migration` in a small project: what it tells, what it accepts, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgassay.cli.program import program

PYPROJECT = """
[tool.pgassay]
server = "embedded"

[tool.pgassay.systems.shop]
alembic = "alembic.ini"
"""
ENV = """
from alembic import context
from sqlalchemy import create_engine, make_url, pool

url = make_url(context.config.get_main_option("sqlalchemy.url"))
url = url.set(drivername="postgresql+psycopg")
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISIONS = {
    "one": 'op.execute("create table orders (id integer primary key, token text not null)")',
    "two": 'op.execute("create index orders_token on orders (token)")',
    "three": 'op.execute("alter table orders add column note text not null")',
    "four": 'op.execute("create table notes (id integer primary key)")',
}
ACCEPTED = """
[[accept]]
revision = "two"
hazard = "index_built_blocking_writes"
reason = "nobody writes orders at night"

[[accept]]
revision = "two"
hazard = "renamed"
reason = "a mistake"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (tmp_path / "migrations" / "env.py").write_text(ENV)
    before = None
    for name, line in REVISIONS.items():
        (versions / f"{name}.py").write_text(
            f'"""{name} it"""\nfrom alembic import op\n\nrevision = {name!r}\n'
            f"down_revision = {before!r}\n\n\ndef upgrade():\n    {line}\n\n\n"
            "def downgrade():\n    pass\n"
        )
        before = name
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    return program(["migration", "--part", "trace", *arguments])


def test_a_hazard_is_told_with_its_safe_way_and_can_be_accepted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("two", "--json", "told.json") == 1

    told = capsys.readouterr().out
    assert "SHARE on orders" in told
    assert "error orders.orders_token  index_built_blocking_writes" in told
    assert "CREATE INDEX CONCURRENTLY orders_token ON public.orders USING btree (token);" in told
    assert "with op.get_context().autocommit_block():" in told
    (system,) = json.loads(Path("told.json").read_text())["systems"]
    (trace,) = system["traces"]
    assert [one["tag"] for one in trace["statements"]] == ["CREATE INDEX"]

    (project / "migrations" / "accepted.toml").write_text(ACCEPTED)

    assert run("two") == 0
    told = capsys.readouterr().out
    assert "nobody writes orders at night" in told
    assert "warning two.renamed  acceptance_unused" in told


def test_a_revision_that_fails_on_rows_is_told_and_ends_the_range(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("two:head") == 1

    told = capsys.readouterr().out
    assert "error orders.note  column_required" in told
    assert "SQLSTATE 23502" in told
    assert "four it" in told  # it is named, and was not come to
    assert "create table notes" not in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["two:one"], "no revision lies between two and one"),
        (["two", "--all"], "name none"),
        (["two", "--part", "tracing"], 'did you mean "trace"'),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(*arguments) == 2

    assert told in capsys.readouterr().err
