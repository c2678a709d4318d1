"""What a run offers to checks: models, rows, hot queries of a stand; models beside a database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pgassay.cli.program import program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pgassay.postgres.servers import Server

MODELS = """
from datetime import date

from sqlalchemy import DDL, BigInteger, ForeignKey, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData(schema="Shop")


class User(Base):
    __tablename__ = "User"
    id: Mapped[int] = mapped_column("Id", BigInteger, primary_key=True)
    visits: Mapped[list["Visit"]] = relationship()


class Visit(Base):
    __tablename__ = "Visit"
    __table_args__ = {"postgresql_partition_by": 'RANGE ("Day")'}
    id: Mapped[int] = mapped_column("Id", BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column("Day", primary_key=True)
    user_id: Mapped[int] = mapped_column("userId", ForeignKey(User.id, ondelete="CASCADE"))


for month in (1, 2, 3):
    event.listen(
        Visit.__table__,
        "after_create",
        DDL(
            f'''create table "Shop"."Visit {month}" partition of "Shop"."Visit"
            for values from ('2026-0{month}-01') to ('2026-0{month + 1}-01')'''
        ),
    )
"""
PROJECT = """
[tool.pgassay.checks]
profile = "strict"
options.cascade_reads_whole_table.rows = 1
[tool.pgassay.systems.shop]
metadata = "shop_models:Base"
benchmarks = "benchmarks"
"""
QUERIES = {
    "visit_by_id": 'select * from "Shop"."Visit" where "Id" = :id',
    "visit_of_a_day": 'select * from "Shop"."Visit" where "Id" = :id and "Day" = \'2026-01-01\'',
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop_models.py").write_text(MODELS)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    folder = tmp_path / "benchmarks" / "queries"
    folder.mkdir(parents=True)
    for name, query in QUERIES.items():
        head = f'-- name: {name}\n-- why: a test\n-- parameter id: "Shop"."Visit"."Id"\n\n'
        (folder / f"{name}.sql").write_text(f"{head}{query};\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(path: Path) -> set[str]:
    (system,) = json.loads(path.read_text())["systems"]
    return {finding["fingerprint"] for finding in system["findings"]}


def test_a_populated_stand_offers_models_rows_statistics_and_hot_queries(project: Path):
    document = project / "found.json"
    called = ["check", "--populate", "smoke", "--json", str(document)]
    assert program(called) == 1
    assert {one for one in found(document) if not one.startswith("foreign_key_without")} == {
        'cascade_reads_whole_table:"Shop"."Visit".Visit_userId_fkey',
        'orm_delete_blanks_foreign_key:"Shop"."User".visits:User',
        'query_reads_every_partition:"Shop"."Visit".visit_by_id',
    }


def test_a_database_by_url_is_held_against_the_models_of_its_system(
    project: Path, server_of: Callable[[int], Server]
):
    server = server_of(18)
    name = server.create_database("beside_models")
    with server.connect(name) as connection:
        connection.execute(
            b"""
            create schema "Shop";
            create table "Shop"."User" ("Id" integer primary key);
            create table "Shop"."Visit" (
                "Id" integer, "Day" date not null,
                "userId" integer references "Shop"."User" on delete cascade,
                primary key ("Id", "Day")
            )
            """
        )
    document = project / "found.json"
    url = server.conninfo(name)
    assert program(["check", url, "-s", "shop", "--json", str(document)]) == 1
    assert found(document) == {
        'foreign_key_without_index:"Shop"."Visit".Visit_userId_fkey',
        'model_nullable:"Shop"."Visit".userId',
        'orm_delete_blanks_foreign_key:"Shop"."User".visits:User',
    }
    assert program(["check", url, "-s", "shop", "--populate", "smoke"]) == 2
