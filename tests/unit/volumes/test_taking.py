"""From statistics to a profile: nothing told that was not named, nothing missing in silence."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.names import QualifiedName
from pgassay.core.statistics import (
    ColumnKnown,
    ColumnStatistics,
    DatabaseStatistics,
    TableStatistics,
    Together,
)
from pgassay.postgres.statistics import parse, script
from pgassay.run.profiling import named_columns, profile_of
from pgassay.volumes.taking import pieced, take
from pgassay.volumes.writing import toml

CITY = ColumnStatistics(
    null=0.125, width=9, distinct=4.0, common=(0.5, 0.25), correlation=0.5,
    values=("Secret Town", 'O"Brien\n\x7f'), bounds=("Secret A", "Secret Z"),
)  # fmt: skip


def column(name: str, statistics: ColumnStatistics | None = CITY, **more: Any) -> ColumnKnown:
    return ColumnKnown(name=name, type="text", statistics=statistics, **{"readable": True, **more})


def table(name: str, rows: float | None = 800.0, **more: Any) -> TableStatistics:
    columns = {"columns": (column("city"),)}
    return TableStatistics(name=QualifiedName("public", name), rows=rows, **{**columns, **more})


def database(*tables: TableStatistics) -> DatabaseStatistics:
    return DatabaseStatistics(
        database="shop", role="ann", version=180000, taken="2026-11-28", tables=tables
    )


def test_a_file_says_what_is_known_and_no_value() -> None:
    taken = take(database(table("shops")))
    text = toml(taken.document, taken.missing)
    assert "Secret" not in text
    assert tomllib.loads(text)["tables"] == {
        "shops": {
            "rows": 800,
            "statistics": {
                "city": {
                    "null": 0.125, "distinct": 4, "correlation": 0.5, "width": 9,
                    "common": [0.5, 0.25],
                }
            },
        }
    }  # fmt: skip
    assert taken.missing == ()


def test_values_of_a_named_column_survive_the_file() -> None:
    known = database(table("shops", columns=(column("city"), column("town"))))
    named = named_columns(["shops.city"])
    stated = tomllib.loads(profile_of(known, named=named).text)["tables"]["shops"]["statistics"]
    assert tuple(stated["city"]["values"]) == CITY.values
    assert tuple(stated["city"]["bounds"]) == CITY.bounds
    assert not {"values", "bounds"} & stated["town"].keys()


def test_a_list_of_few_rows_does_not_grow() -> None:
    document = take(database(table("few", 200.0), table("many", 201.0))).document
    assert document["tables"]["few"]["fixed"]
    assert "fixed" not in document["tables"]["many"]


@pytest.mark.parametrize(
    ("known", "what", "where", "why"),
    [
        (table("t", None), "the number of rows", "t", "reltuples is -1"),
        (
            table("t", columns=(column("city", None, readable=False),)),
            "statistics", "t.city", "SELECT it, and ann may not",
        ),
        (
            table("t", secured=True, columns=(column("city", None),)),
            "statistics", "t.city", "row level security",
        ),
        (table("t", columns=(column("city", None),)), "statistics", "t.city", "none were gathered"),
        (
            table("t", together=(
                Together(
                    name="s", columns=("a", "b"), distinct={}, dependencies={}, readable=False
                ),
            )),
            "extended statistics", "t (s)", "owner",
        ),
        (table("t", outside=800_000), "widths", "t (1000 bytes a row)", "18 bytes"),
    ],
    ids=["rows", "right", "security", "none", "extended", "out of line"],
)  # fmt: skip
def test_what_is_missing_is_told_with_what_stands_for_it(
    known: TableStatistics, what: str, where: str, why: str
) -> None:
    (missing,) = take(database(known)).missing
    assert missing.what.startswith(what)
    assert missing.where == (where,)
    assert why in missing.why
    assert missing.instead
    assert missing.fix
    assert f"# missing: {missing.what}" in toml(take(database(known)).document, [missing])


def test_a_whole_of_partitions_is_weighed_by_their_rows() -> None:
    whole = pieced([(300, CITY), (100, replace(CITY, null=0.525, width=13, correlation=-0.5))])
    assert (whole.null, whole.width, whole.correlation) == (pytest.approx(0.225), 10, 0.25)
    assert whole.distinct == 4


def test_a_name_with_a_line_break_stays_in_its_comment() -> None:
    odd = table('a\n[tables."x"]', None)
    text = toml(take(database(odd)).document, take(database(odd)).missing)
    assert list(tomllib.loads(text)["tables"]) == ['a\n[tables."x"]']


def test_tools_books_are_left_out_and_unknown_names_refused() -> None:
    known = database(table("shops"), table("alembic_version"))
    taken = profile_of(known)
    assert (taken.left_out, list(tomllib.loads(taken.text)["tables"])) == (
        ("alembic_version",), ["shops"],
    )  # fmt: skip
    with pytest.raises(ConfigError, match='no table "shop"'):
        profile_of(known, tables=["shop"])
    with pytest.raises(ConfigError, match='no table "shop"'):
        profile_of(known, leave=["shop"])
    with pytest.raises(MachineError, match="no table to take"):
        profile_of(known, leave=["shops"])
    with pytest.raises(MachineError, match="no statistics were ever gathered"):
        profile_of(database(table("shops", None)))


@pytest.mark.parametrize("given", ["city", ".city", "shops.", "."])
def test_a_column_is_named_with_its_table(given: str) -> None:
    with pytest.raises(ConfigError, match="names no column"):
        named_columns([given])


def test_a_named_column_stands_in_the_script_as_a_constant() -> None:
    text = script([(QualifiedName("public", "it's"), "a\\b")])
    assert "union select 'public', 'it''s',  E'a\\\\b'" in text
    assert "union select" not in script()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not valid JSON"),
        ("[]", 'no "format"'),
        ('{"format": "pgassay statistics 9"}', 'no "format"'),
        ('{"format": "pgassay statistics 1"}', "no 'database'"),
        (
            json.dumps({
                "format": "pgassay statistics 1", "database": "d", "role": "r", "version": 1,
                "taken": "t", "values": [], "tables": [{"name": "t"}],
            }),
            "no ",
        ),
        (
            json.dumps({
                "format": "pgassay statistics 1", "database": "d", "role": "r", "version": "x",
                "taken": "t", "values": [], "tables": [],
            }),
            "invalid literal",
        ),
    ],
)  # fmt: skip
def test_a_damaged_output_is_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=r"statistics\.json") as refused:
        parse(text, "statistics.json")
    assert told in str(refused.value)
    assert "psql -XAtq -f" in str(refused.value)
