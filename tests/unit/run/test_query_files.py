from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.catalog import Catalog, Column, ColumnType, Index, IndexKey, Table
from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.plans.places import Places
from pgassay.run.query_files import check_names, numbered, read_query

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "-- name: a\n-- why: b\n"
INTEGER = ColumnType(sql="integer", name=QualifiedName("pg_catalog", "int4"), base="int4")
PLACES = Places(
    Catalog(
        major=18,
        tables=(
            Table(
                name=QualifiedName("public", "Orders"),
                columns=(Column(name="userId", position=1, type=INTEGER),),
                indexes=(
                    Index(name="byUser", method="btree", keys=(IndexKey(column="userId"),),
                          definition="CREATE INDEX"),
                ),
            ),
        ),
    )
)  # fmt: skip


def refusal(folder: Path, text: str) -> ConfigError:
    path = folder / "q.sql"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        check_names(read_query(path, folder, lambda _: ("select 1", ())), PLACES)
    return error.value


def test_parameters_get_numbers_by_name():
    sql, names, line = numbered(
        "-- c :no\n\nselect ':no', x::text, \":no\", $$ :no $$ from t\n"
        "where a = :b and c = :a + :b;",
        "q",
    )
    assert sql.endswith("where a = $1 and c = $2 + $1")
    assert "':no', x::text, \":no\", $$ :no $$" in sql
    assert names == ["b", "a"]
    assert line == 3


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (HEAD, "q.sql", "no statement"),
        (HEAD + "select 1;\nselect 2", "q.sql:4", "more than one statement"),
        (HEAD + "select 'x", "q.sql:3", "has no end"),
        (HEAD + "\\d users", "q.sql:3", "is a command of psql"),
        (HEAD + "select :'x'", "q.sql:3", "is a quoted variable"),
        (HEAD + "select :x", "q.sql", "the parameter :x has no source"),
        (HEAD + "-- parameter x: 1\nselect 1", "q.sql:3", 'no parameter ":x"'),
        (HEAD + "-- statement: m:s\nselect 1", "q.sql:4", "a header that names one"),
        (HEAD + "-- expect: index byUsr\nselect 1", "q.sql:3", 'no index "byUsr"'),
        (HEAD + "-- expect: no sequential scan of Order\nselect 1", "q.sql:3", 'no table "Order"'),
        (HEAD + "-- expect: at most 1 partition of x\nselect 1", "q.sql:3", 'no table "x"'),
        (
            HEAD + "-- parameter x: Orders.user\nselect :x",
            "q.sql:3",
            'no column of "Orders" "user"',
        ),
        (HEAD + "-- parameter x: Orderz.userId\nselect :x", "q.sql:3", 'no table "Orderz"'),
    ],
)
def test_damage_is_named_with_its_line(tmp_path: Path, text: str, where: str, says: str):
    error = refusal(tmp_path, text)
    assert error.where == where
    assert says in error.found


def test_a_misspelt_index_gets_a_suggestion(tmp_path: Path):
    error = refusal(tmp_path, HEAD + "-- expect: index byUsr\nselect 1")
    assert 'did you mean "byUser"?' in (error.expected or "")


def test_what_is_no_text_is_refused(tmp_path: Path):
    path = tmp_path / "q.sql"
    path.write_bytes(b"-- name: \xff\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_query(path, tmp_path, lambda _: ("", ()))


def test_a_sound_file_is_read(tmp_path: Path):
    path = tmp_path / "orders.sql"
    path.write_text(
        HEAD + '-- parameter user: "Orders"."userId"\n-- expect: index "byUser"\n'
        '-- expect: no sequential scan of "Orders"\n\nselect * from "Orders"\n'
        'where "userId" = :user'
    )
    query = read_query(path, tmp_path, lambda _: ("", ()))
    check_names(query, PLACES)
    assert query.name == "orders"
    assert query.sql.endswith('where "userId" = $1')
    assert query.runs == ("typical", "heaviest", "absent")
    assert (query.file, query.line) == ("orders.sql", 7)
