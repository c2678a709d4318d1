"""The models are created as they are, or it is told why they cannot be."""

from pathlib import Path

import psycopg
import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.route import Target
from pgassay.sqla.metadata_route import MetadataRoute

LONG = "ä" * 31 + "b"  # 63 bytes

MODELS = f"""
from sqlalchemy import (
    DDL, Column, Enum, ForeignKey, Integer, MetaData, Sequence, String, Table, event, text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, registry

metadata = MetaData()
mood = Enum("glad", "sad", name="Mood", schema="Types of it")
Table(
    "select", metadata,
    Column('a"b', Integer, Sequence("Zähler", schema="Seq"), primary_key=True),
    Column("{LONG}", String(5), server_default=text("'x'")),
    Column("moods", ARRAY(mood)),
    schema="Straße",
)
other = MetaData()
Table("other", other, Column("id", Integer, primary_key=True))
event.listen(other, "after_create", DDL("CREATE VIEW seen AS SELECT id FROM other"))
both = [metadata, other]
mapper_registry = registry(metadata=other)
empty = MetaData()
number = 7


class Base(DeclarativeBase):
    metadata = other
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "models.py").write_text(MODELS)
    return tmp_path


def relations(target: Target) -> set[tuple[str, ...]]:
    with psycopg.connect(target.conninfo()) as connection:
        rows = connection.execute(
            "SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = "
            "relnamespace WHERE relkind IN ('r', 'v', 'S') AND nspname NOT IN ('pg_catalog', "
            "'information_schema', 'pg_toast')"
        ).fetchall()
    return set(rows)


OTHER = {("public", "other"), ("public", "other_id_seq"), ("public", "seen")}
SELECT = {("Straße", "select"), ("Seq", "Zähler")}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("models:metadata", SELECT),
        ("models:other", OTHER),
        ("models:Base", OTHER),
        ("models:Base.metadata", OTHER),
        ("models:mapper_registry", OTHER),
        ("models:both", SELECT | OTHER),
        ("models:metadata, models:other", SELECT | OTHER),
    ],
)
def test_metadata_is_created_with_its_schemas_and_events(
    named: str, expected: set[tuple[str, str]], root: Path, target: Target
) -> None:
    MetadataRoute(metadata=named, root=root).build(target)

    assert relations(target) == expected


def test_columns_keep_their_names_to_the_byte(root: Path, target: Target) -> None:
    MetadataRoute(metadata="models:metadata", root=root).build(target)

    with psycopg.connect(target.conninfo()) as connection:
        names = connection.execute(
            'SELECT attname FROM pg_attribute WHERE attrelid = \'"Straße"."select"\'::regclass '
            "AND attnum > 0 ORDER BY attnum"
        ).fetchall()
    assert names == [('a"b',), (LONG,), ("moods",)]


def test_extensions_are_created_first(root: Path, target: Target) -> None:
    (root / "models.py").write_text(
        "from sqlalchemy import Column, Integer, MetaData, Table, Index\n"
        "metadata = MetaData()\n"
        "t = Table('t', metadata, Column('a', Integer))\n"
        "Index('i', t.c.a, postgresql_using='gin')\n"
    )

    with pytest.raises(SchemaError, match="SQLSTATE 42704"):
        MetadataRoute(metadata="models:metadata", root=root).build(target)
    route = MetadataRoute(metadata="models:metadata", root=root, extensions=("btree_gin",))
    route.build(target)

    assert relations(target) == {("public", "t")}


@pytest.mark.parametrize(
    ("named", "found", "where"),
    [
        ("missing_models:metadata", "No module named 'missing_models'", "missing_models:metadata"),
        ("models:metadat", 'models has no attribute "metadat"', "models.py"),
        ("models:number", "models:number is a int, not a MetaData", None),
        ("models:empty", "the metadata holds no table", "models:empty"),
        ("models", '"models" names no metadata', "metadata"),
    ],
)
def test_metadata_that_is_not_there_is_told(
    named: str, found: str, where: str | None, root: Path, target: Target
) -> None:
    with pytest.raises(SchemaError) as refused:
        MetadataRoute(metadata=named, root=root).build(target)

    assert found in refused.value.found
    assert (refused.value.where or "").endswith(where or "")
    assert relations(target) == set()


def test_a_misspelt_attribute_gets_a_suggestion(root: Path, target: Target) -> None:
    with pytest.raises(SchemaError) as refused:
        MetadataRoute(metadata="models:metadat", root=root).build(target)

    assert 'did you mean "metadata"?' in (refused.value.expected or "")


def test_an_import_that_fails_within_is_told_where(root: Path, target: Target) -> None:
    (root / "models.py").write_text("import shapes\n")
    (root / "shapes.py").write_text("\nSIDES = 1 / 0\n")

    with pytest.raises(SchemaError) as refused:
        MetadataRoute(metadata="models:metadata", root=root).build(target)

    assert refused.value.where == "shapes.py:2"
    assert refused.value.found == "importing models fails: ZeroDivisionError: division by zero"


def test_what_the_server_refuses_is_told_and_nothing_stays(root: Path, target: Target) -> None:
    with (root / "models.py").open("a") as models:
        models.write("\nTable('bad', metadata, Column('a', Integer, server_default=text('b')))\n")

    with pytest.raises(SchemaError) as refused:
        MetadataRoute(metadata="models:metadata", root=root).build(target)

    assert "creating models:metadata fails" in refused.value.found
    assert "SQLSTATE 0A000" in refused.value.found
    assert "statement: CREATE TABLE bad" in refused.value.found
    assert relations(target) == set()


def test_models_that_read_sql_beside_them_find_it(root: Path, target: Target) -> None:
    (root / "shop").mkdir()
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "view.sql").write_text("CREATE VIEW seen AS SELECT 1 AS one")
    (root / "shop" / "tables.py").write_text(
        "from pathlib import Path\n"
        "from sqlalchemy import DDL, Column, Integer, MetaData, Table, event\n"
        "metadata = MetaData()\n"
        "Table('t', metadata, Column('a', Integer))\n"
        "event.listen(metadata, 'after_create', DDL(Path(__file__).with_name('view.sql')"
        ".read_text()))\n"
    )
    route = MetadataRoute(metadata="shop.tables:metadata", root=root)
    before = route.digest()

    route.build(target)
    (root / "shop" / "view.sql").write_text("CREATE VIEW seen AS SELECT 2 AS two")

    assert ("public", "seen") in relations(target)
    assert route.digest() != before


def test_models_tell_what_they_say_while_they_are_created(root: Path, target: Target) -> None:
    with (root / "models.py").open("a") as file:
        file.write("\nwith open('imported', 'a') as log:\n    log.write('once\\n')\n")
    route = MetadataRoute(metadata="models:Base", root=root)
    told = route.build_and_tell(target)
    assert (root / "imported").read_text() == "once\n"
    assert relations(target) == OTHER
    assert told == route.promises(target)
    assert [table.name.name for table in told.tables] == ["other"]
