"""A digest moves with every file that decides the result, and with no other."""

from pathlib import Path

import pytest

from pgassay.core.digest import digest_of
from pgassay.core.errors import SchemaError
from pgassay.postgres.script.ddl_route import DdlRoute
from pgassay.postgres.script.sql_route import SqlRoute
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.metadata_route import MetadataRoute
from pgassay.sqla.sources import Closure


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def names(closure: Closure, root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in closure.files}


SHOP = {
    "shop/__init__.py": "",
    "shop/base.py": "import sqlalchemy",
    "shop/a.py": "from .base import Base\nfrom . import b, missing",
    "shop/b.py": "from shop.deep import (  # the (old) one\n    c,\n    d as e, # )\n)",
    "shop/deep/__init__.py": "",
    "shop/deep/c.py": "from ...nowhere import x\nimport json, plain",
    "shop/deep/d.py": "from \\\n  ..late import y",
    "shop/late.py": "if True: import shop.text; import inline",
    "shop/text.py": "",
    "shop/unused.py": "",
    "plain.py": "",
    "inline.py": "",
    "json.txt": "",
}


def test_imports_are_followed_in_every_form(tmp_path: Path) -> None:
    root = write(tmp_path, SHOP)
    closure = Closure(roots=(root,))

    assert closure.add_module("shop.a")
    assert names(closure, root) == {
        name for name in SHOP if name.endswith(".py") and name != "shop/unused.py"
    }


def test_inline_imports_are_followed(tmp_path: Path) -> None:
    root = write(tmp_path, SHOP)
    closure = Closure(roots=(root,))
    closure.add_module("shop.late")

    assert {"shop/text.py", "inline.py"} <= names(closure, root)


@pytest.mark.parametrize(
    "text",
    [
        "import pkgutil\nfor m in pkgutil.walk_packages(__path__): ...",
        "from importlib import import_module",
        "from pathlib import Path\nPath(__file__).parent.glob('*.py')",
    ],
)
def test_a_computed_import_brings_its_whole_package_in(text: str, tmp_path: Path) -> None:
    root = write(tmp_path, SHOP | {"shop/models/__init__.py": text})
    closure = Closure(roots=(root,))
    closure.add_module("shop.models")

    assert {"shop/unused.py", "shop/deep/d.py"} <= names(closure, root)


def test_a_computed_import_outside_a_package_brings_in_what_it_names(tmp_path: Path) -> None:
    root = write(tmp_path, SHOP | {"env.py": "import importlib\nimportlib.import_module('shop')"})
    closure = Closure(roots=(root,))
    closure.add_file(root / "env.py")

    assert "shop/unused.py" in names(closure, root)


def test_libraries_are_not_read(tmp_path: Path) -> None:
    root = write(tmp_path, {"m.py": "import sqlalchemy, os, pytest, json"})
    closure = Closure(roots=(root,))
    closure.add_module("m")

    assert names(closure, root) == {"m.py"}


def test_an_import_in_a_circle_ends(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.py": "import b", "b.py": "import a"})
    closure = Closure(roots=(root,))
    closure.add_module("a")

    assert names(closure, root) == {"a.py", "b.py"}


def test_a_digest_is_of_contents_and_names_not_of_the_place(tmp_path: Path) -> None:
    one = {tmp_path / "one" / "a": b"1", tmp_path / "one" / "b": b"2"}
    two = {tmp_path / "two" / "b": b"2", tmp_path / "two" / "a": b"1"}
    swapped = {tmp_path / "one" / "a": b"2", tmp_path / "one" / "b": b"1"}

    assert digest_of(one, tmp_path / "one") == digest_of(two, tmp_path / "two")
    assert digest_of(one, tmp_path / "one") != digest_of(swapped, tmp_path / "one")
    assert digest_of(one, tmp_path / "one") != digest_of(one, tmp_path / "one", facts={"a": "b"})


ALEMBIC = {
    "alembic.ini": "[alembic]\nscript_location = %(here)s/m\n"
    "version_locations = %(here)s/m/v more\n"
    "[shop]\nscript_location = m\n",
    "m/env.py": "from shop import a",
    "m/v/1.py": "",
    "m/v/data.bin": "",
    "more/2.py": "",
    ".env": "",
}


def routes(root: Path) -> dict[str, object]:
    return {
        "metadata": MetadataRoute(metadata="shop.a:m", root=root),
        "alembic": AlembicRoute(config=root / "alembic.ini"),
        "sql": SqlRoute(path=root / "sql"),
        "ddl": DdlRoute(path=root / "ddl"),
    }


FILES = (
    SHOP
    | ALEMBIC
    | {
        "sql/V1__a.sql": "\\ir ../parts/p.sql",
        "parts/p.sql": "SELECT 1;",
        "ddl/tables/1_a.sql": "SELECT 1;",
        "README.md": "",
    }
)
MOVED_BY = {
    "shop/deep/c.py": {"metadata", "alembic"},
    "shop/unused.py": set(),
    "m/v/1.py": {"alembic"},
    "m/v/data.bin": {"alembic"},
    "more/2.py": {"alembic"},
    "alembic.ini": {"alembic"},
    ".env": set(),
    "sql/V1__a.sql": {"sql"},
    "parts/p.sql": {"sql"},
    "ddl/tables/1_a.sql": {"ddl"},
    "README.md": set(),
}


@pytest.mark.parametrize(("changed", "moved"), MOVED_BY.items(), ids=MOVED_BY)
def test_a_changed_file_moves_the_digests_it_decides(
    changed: str, moved: set[str], tmp_path: Path
) -> None:
    root = write(tmp_path, FILES)
    before = {name: route.digest() for name, route in routes(root).items()}  # type: ignore[attr-defined]  # all are routes
    (root / changed).write_text(FILES[changed] + "\n# changed")

    after = {name: route.digest() for name, route in routes(root).items()}  # type: ignore[attr-defined]  # likewise

    assert {name for name in before if before[name] != after[name]} == moved


def test_an_env_file_counts_where_the_code_reads_one(tmp_path: Path) -> None:
    root = write(tmp_path, FILES | {"m/env.py": "from dotenv import load_dotenv"})
    route = AlembicRoute(config=root / "alembic.ini")
    before = route.digest()
    (root / ".env").write_text("X=1")

    assert route.digest() != before


def test_placeholders_move_the_digest(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)

    assert (
        SqlRoute(path=root / "sql").digest()
        != SqlRoute(path=root / "sql", placeholders={"a": "1"}).digest()
    )


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ("", [("public", "alembic_version")]),
        ("context.configure(version_table='v')", [("public", "v")]),
        ("X = 'v'\ncontext.configure(version_table=X, version_table_schema='s')", [("s", "v")]),
        ("opts = {'version_table': 'v'}\ncontext.configure(**opts)", [("public", "v")]),
        ("configure(version_table=config.get_main_option('version_table'))", [("public", "w")]),
        ("configure(version_table=f())", [("public", "alembic_version")]),
        ("this is no python", [("public", "alembic_version")]),
    ],
)
def test_the_version_table_is_read_from_env(
    env: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    ini = "[alembic]\nscript_location = %(here)s/m\nversion_table = w\n"
    root = write(tmp_path, {"alembic.ini": ini, "m/env.py": env})
    route = AlembicRoute(config=root / "alembic.ini")

    assert [(table.schema, table.name) for table in route.bookkeeping] == expected


def test_ddl_runs_tables_first_and_by_number(tmp_path: Path) -> None:
    files = [
        "001_extensions.sql", "indexes/1_a.sql", "tables/010_b.sql", "tables/2_a.sql",
        "tables/100_c.sql", "05_types/1_t.sql", "triggers/1_x.sql", "functions/1_f.sql",
    ]  # fmt: skip
    root = write(tmp_path, dict.fromkeys(files, ""))

    assert [str(path.relative_to(root)) for path in DdlRoute(path=root).files()] == [
        "001_extensions.sql", "05_types/1_t.sql", "tables/2_a.sql", "tables/010_b.sql",
        "tables/100_c.sql", "functions/1_f.sql", "indexes/1_a.sql", "triggers/1_x.sql",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["tables/users.sql"], "users.sql has no number"),
        (["tables/1_a.sql", "tables/01_b.sql"], "have the same number"),
        (["readme.txt"], "there is no DDL"),
    ],
)
def test_ddl_that_has_no_order_is_refused(files: list[str], told: str, tmp_path: Path) -> None:
    root = write(tmp_path, dict.fromkeys(files, ""))

    with pytest.raises(SchemaError, match=told):
        DdlRoute(path=root).files()


def test_a_target_is_written_for_libpq_and_as_a_url() -> None:
    from psycopg.conninfo import conninfo_to_dict

    from pgassay.core.route import Target

    target = Target(host="/a b", port=1, user="o'me", password="p\\w d", dbname="d/b")

    assert conninfo_to_dict(target.conninfo()).items() >= {
        "host": "/a b", "user": "o'me", "password": "p\\w d", "dbname": "d/b"
    }.items()  # fmt: skip
    assert conninfo_to_dict(target.url()).items() >= {
        "host": "/a b", "user": "o'me", "password": "p\\w d", "dbname": "d/b"
    }.items()  # fmt: skip
    assert "p\\w d" not in repr(target)
    tcp = Target(host="::1", port=1, user="u", dbname="d")
    assert tcp.url("asyncpg") == "postgresql+asyncpg://u@[::1]:1/d"
