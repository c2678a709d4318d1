"""SQLAlchemy statements as SQL text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import (
    Column,
    DateTime,
    Enum,
    Integer,
    MetaData,
    Table,
    bindparam,
    insert,
    select,
    text,
)

from pgassay.core.errors import ConfigError
from pgassay.run.query_files import read_query
from pgassay.sqla.statements import compiled, statement_at

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.plans.query import QueryParameter

ORDERS = Table(
    "orders",
    MetaData(),
    Column("id", Integer),
    Column("userId", Integer),
    Column("state", Enum("open", "done", name="state")),
    Column("at", DateTime),
)


def constants(statement: object) -> dict[str, str | None]:
    _, parameters = compiled(statement)
    found = {p.name: p.source("typical") for p in parameters}
    return {name: source.text if source else None for name, source in found.items()}


def test_a_select_has_numbers_in_the_order_of_its_parameters():
    statement = (
        select(ORDERS.c.id)
        .where(ORDERS.c.userId == bindparam("user"), ORDERS.c.state == "open")
        .order_by(ORDERS.c.at.desc())
        .limit(20)
    )
    sql, parameters = compiled(statement)
    assert '"userId" = $1' in sql
    assert [p.name for p in parameters] == ["user", "state_1", "param_1"]
    assert constants(statement) == {"user": None, "state_1": "open", "param_1": "20"}


def test_a_list_is_written_out():
    sql, parameters = compiled(select(ORDERS.c.id).where(ORDERS.c.id.in_([3, 4])))
    assert "IN ($1::INTEGER, $2::INTEGER)" in sql
    assert len(parameters) == 2


def test_times_and_writes_and_text():
    at = datetime(2025, 1, 2, tzinfo=UTC).replace(tzinfo=None)
    assert constants(insert(ORDERS).values(id=3, at=at)) == {"id": "3", "at": "2025-01-02 00:00:00"}
    assert constants(text("select :x")) == {"x": None}
    assert constants(lambda: select(ORDERS.c.id).where(ORDERS.c.id == 5)) == {"id_1": "5"}


def test_what_is_no_statement_is_refused():
    for other in (3, "select 1", None):
        with pytest.raises(ConfigError, match="is no statement"):
            compiled(other)


def test_a_header_may_name_a_statement(tmp_path: Path):
    (tmp_path / "shop_statements.py").write_text(
        "from sqlalchemy import text\nlatest = text('select * from orders where id = :id')\n"
    )
    path = tmp_path / "q.sql"
    path.write_text(
        "-- name: a\n-- why: b\n-- parameter id: 7\n-- statement: shop_statements:latest\n"
    )

    def compile_(where: str) -> tuple[str, tuple[QueryParameter, ...]]:
        return compiled(statement_at(where, tmp_path), where=where)

    assert read_query(path, tmp_path, compile_).sql == "select * from orders where id = $1"
    path.write_text("-- name: a\n-- why: b\n-- statement: shop_statements:latest\n")
    with pytest.raises(ConfigError, match="the parameter :id has no source"):
        read_query(path, tmp_path, compile_)
    with pytest.raises(ConfigError, match='no "last"') as error:
        statement_at("shop_statements:last", tmp_path)
    assert 'did you mean "latest"?' in (error.value.expected or "")
    with pytest.raises(ConfigError, match="does not import"):
        statement_at("nothing_here:x", tmp_path)
