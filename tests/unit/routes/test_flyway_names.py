"""Files run in Flyway's order; what Flyway would pass over in silence is an error."""

from pathlib import Path

import pytest

from pgassay.core.errors import SchemaError
from pgassay.postgres.script.history import checksum_of
from pgassay.postgres.script.naming import migrations_in
from pgassay.postgres.script.placeholders import fill


def folder(tmp_path: Path, *names: str) -> Path:
    for name in names:
        path = tmp_path / "sql" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("SELECT 1;")
    return tmp_path / "sql"


def test_versions_are_numbers_and_repeatable_files_come_last(tmp_path: Path) -> None:
    names = [
        "R__views.sql", "V10__ten.sql", "V2__two.sql", "V1_1__one_one.sql", "V1__one.sql",
        "R__a_view.sql", "sub/V1.2__one_two.sql", "V2.0.1__two_bits.sql", "U2__undo.sql",
        "V003__three.sql", "notes.txt", "V20240131235959__stamp.sql",
    ]  # fmt: skip

    assert [str(one) for one in migrations_in(folder(tmp_path, *names))] == [
        "V1__one.sql", "V1_1__one_one.sql", "V1.2__one_two.sql", "V2__two.sql",
        "V2.0.1__two_bits.sql", "V003__three.sql", "V10__ten.sql", "V20240131235959__stamp.sql",
        "R__a_view.sql", "R__views.sql",
    ]  # fmt: skip


def test_a_file_knows_its_version_and_description(tmp_path: Path) -> None:
    (one, other) = migrations_in(folder(tmp_path, "V1_2__add_Users.sql", "R__all_views.sql"))

    assert (one.version, one.description) == ("1.2", "add Users")
    assert (other.version, other.description) == (None, "all views")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("V1__a.sql", "V1__b.sql"),
        ("V1.1__a.sql", "V1_1__b.sql"),
        ("V1__a.sql", "V1.0__b.sql"),
        ("V01__a.sql", "sub/V1__b.sql"),
    ],
)
def test_a_version_stands_once(one: str, other: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="have the same version"):
        migrations_in(folder(tmp_path, one, other))


def test_a_description_stands_once_among_repeatable_files(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="have the same description"):
        migrations_in(folder(tmp_path, "R__a_b.sql", "sub/R__a_b.sql"))


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("V1_create.sql", "rename it to V1__create.sql"),
        ("v2__create.sql", "rename it to V2__create.sql"),
        ("V1_2_create.sql", "rename it to V1_2__create.sql"),
        ("R_views.sql", "rename it to R__views.sql"),
        ("r__views.sql", "rename it to R__views.sql"),
        ("create.sql", "rename it, or move it out of this folder"),
        ("B1__base.sql", "rename it, or move it out of this folder"),
        ("afterMigrate.sql", "rename it, or move it out of this folder"),
    ],
)
def test_a_wrong_name_gets_a_suggestion(name: str, fix: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError) as refused:
        migrations_in(folder(tmp_path, "V1__one.sql", name))

    assert name in refused.value.found
    assert refused.value.fix == fix


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "sql").mkdir()
    with pytest.raises(SchemaError, match="there is no migration"):
        migrations_in(tmp_path / "sql")


def test_placeholders_are_filled_everywhere() -> None:
    text = "-- ${a}\nSELECT '${a}', $$${b.c}$$, ${a}, $ {a}, ${}"

    assert fill(text, {"a": "1", "b.c": "2"}, "f") == "-- 1\nSELECT '1', $$2$$, 1, $ {a}, ${}"


def test_a_placeholder_without_a_value_is_told_with_its_line() -> None:
    with pytest.raises(SchemaError) as refused:
        fill("SELECT 1;\nSELECT ${schemas};", {"schema": "s"}, "V1__a.sql")

    assert refused.value.where == "V1__a.sql:2"
    assert 'did you mean "schema"?' in (refused.value.expected or "")


def test_checksums_are_flyways() -> None:
    """CRC-32 of the lines alone: neither line ends nor a byte order mark count."""
    assert checksum_of("123456789") == 0xCBF43926 - 2**32
    assert checksum_of("\ufeff12345\r\n6789\n") == checksum_of("123456789")
    assert checksum_of("12345 6789") != checksum_of("123456789")
