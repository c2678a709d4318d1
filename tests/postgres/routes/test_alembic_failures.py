"""What goes wrong in a history is told with the revision, the file, the statement and why."""

from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest

from pgassay.core.errors import ConfigError, SchemaError
from pgassay.core.names import QualifiedName
from pgassay.core.route import Revision, Target
from pgassay.sqla.alembic_route import AlembicRoute
from tests.postgres.routes.project import copy_of_shop

NOWHERE = {"@DECOY_PORT@": "1", "@DECOY_PASSWORD@": "none"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_of_shop(tmp_path, "env/ini_url", NOWHERE)


def route(root: Path, **more: object) -> AlembicRoute:
    return AlembicRoute(config=root / "alembic.ini", **more)  # type: ignore[arg-type]  # of tests


def add_revision(
    root: Path, name: str, parent: str | None, upgrade: str, doc: str = "a change"
) -> None:
    (root / "migrations" / "versions" / f"{name}.py").write_text(
        f'"""{doc}"""\n\nfrom alembic import op\n\nrevision = "{name}"\n'
        f"down_revision = {parent!r}\n\n\ndef upgrade():\n    {upgrade}\n\n\n"
        "def downgrade():\n    pass\n"
    )


def failure(root: Path, target: Target, **more: object) -> SchemaError:
    with pytest.raises(SchemaError) as refused:
        route(root, **more).build(target)
    return refused.value


def test_a_failing_statement_is_told_with_revision_file_statement_and_sqlstate(
    root: Path, target: Target
) -> None:
    statement = "CREATE TABLE t (a int REFERENCES missing_one)"
    add_revision(root, "0003", "0002", f"op.execute({statement!r})", "tie t to what is missing")

    error = failure(root, target)

    assert error.where == "migrations/versions/0003.py:10"
    assert error.found == (
        'the upgrade of 0003 "tie t to what is missing" fails: relation "missing_one" does not '
        f"exist (SQLSTATE 42P01)\nstatement: {statement}"
    )
    assert error.exit_code == 2


def test_a_failure_at_commit_is_still_told_with_its_revision(root: Path, target: Target) -> None:
    late = (
        'op.execute("CREATE TABLE u (a int UNIQUE DEFERRABLE INITIALLY DEFERRED);'
        'INSERT INTO u VALUES (1), (1)")'
    )
    add_revision(root, "0003", "0002", late)
    env = root / "migrations" / "env.py"
    env.write_text(
        env.read_text().replace(
            "connection=connection, ", "connection=connection, transaction_per_migration=True, "
        )
    )

    error = failure(root, target)

    assert "SQLSTATE 23505" in error.found
    assert "0003" in f"{error.where} {error.found}"


def test_python_that_fails_is_told_with_its_line(root: Path, target: Target) -> None:
    add_revision(root, "0003", "0002", "op.add_colum('t')")

    error = failure(root, target)

    assert error.where == "migrations/versions/0003.py:10"
    assert 'the upgrade of 0003 "a change" fails: AttributeError' in error.found


def test_a_project_of_another_driver_is_told_the_same(tmp_path: Path, target: Target) -> None:
    for name in ("async_asyncpg", "pg8000_driver"):
        root = copy_of_shop(tmp_path / name, f"env/{name}", NOWHERE)
        add_revision(root, "0003", "0002", 'op.execute("SELECT 1 / 0")')

        error = failure(root, target)

        assert "division by zero (SQLSTATE 22012)" in error.found, name
        assert "statement: SELECT 1 / 0" in error.found, name


def test_several_heads_are_listed(root: Path, target: Target) -> None:
    add_revision(root, "left", "0002", "pass", "go left")
    add_revision(root, "right", "0002", "pass", "go right")

    error = failure(root, target)

    assert "there are 2 heads:" in error.found
    assert 'left "go left" (migrations/versions/left.py)' in error.found
    assert 'right "go right" (migrations/versions/right.py)' in error.found
    assert error.fix == "alembic merge -m merge left right"


def test_several_heads_are_all_built_where_they_are_wanted(root: Path, target: Target) -> None:
    add_revision(root, "left", "0002", "pass")
    add_revision(root, "right", "0002", "pass")

    route(root, revision="heads").build(target)

    with psycopg.connect(target.conninfo()) as connection:
        rows = connection.execute("SELECT version_num FROM alembic_version ORDER BY 1").fetchall()
    assert rows == [("left",), ("right",)]


def test_a_missing_parent_is_named(root: Path, target: Target) -> None:
    (root / "migrations" / "versions" / "0001_create_orders.py").unlink()

    error = failure(root, target)

    assert error.found == "the revisions do not form a history: no file has revision 0001"


def test_an_unknown_revision_lists_those_that_are_there(root: Path, target: Target) -> None:
    error = failure(root, target, revision="0009")

    assert 'there is no revision "0009"' in error.found
    assert error.expected == "0002, 0001"


def test_no_revision_at_all_is_an_error(root: Path, target: Target) -> None:
    for path in (root / "migrations" / "versions").glob("*.py"):
        path.unlink()

    assert failure(root, target).found == "there is no revision"


def test_an_env_that_does_not_import_names_cause_and_line(root: Path, target: Target) -> None:
    env = root / "migrations" / "env.py"
    env.write_text("import nothing_of_that_name\n")

    error = failure(root, target)

    assert error.where == "migrations/env.py:1"
    assert "ModuleNotFoundError: No module named 'nothing_of_that_name'" in error.found
    assert error.fix is not None
    assert "install nothing_of_that_name" in error.fix


def test_an_env_with_a_syntax_error_names_its_line(root: Path, target: Target) -> None:
    (root / "migrations" / "env.py").write_text("x = 1\nif x\n")

    error = failure(root, target)

    assert error.where == "migrations/env.py:2"
    assert "SyntaxError" in error.found


def test_an_env_that_ends_the_program_is_told(root: Path, target: Target) -> None:
    (root / "migrations" / "env.py").write_text("import sys\n\nsys.exit('no thanks')\n")

    error = failure(root, target)

    assert error.where == "migrations/env.py:3"
    assert "ends the program (exit 'no thanks')" in error.found


def test_a_process_that_dies_leaves_its_last_words(root: Path, target: Target) -> None:
    (root / "migrations" / "env.py").write_text(
        "import os\n\nprint('last words', flush=True)\nos._exit(9)\n"
    )

    error = failure(root, target)

    assert "the process ended with 9" in error.found
    assert "last words" in error.found


def test_a_variable_that_is_not_declared_is_named_with_the_way_out(
    tmp_path: Path, target: Target
) -> None:
    root = copy_of_shop(tmp_path, "env/own_variable", NOWHERE)

    error = failure(root, target)

    assert "KeyError: 'SHOP_HOME'" in error.found
    assert error.fix is not None
    assert 'environment = ["SHOP_HOME={url}"]' in error.fix


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("[alembic]", "[shop]", "there is no section [alembic]"),
        ("script_location = %(here)s/migrations\n", "", "script_location is missing"),
        ("%(here)s/migrations", "%(here)s/elsewhere", "holds no env.py"),
        ("%(here)s", "%(there)s", "there"),
    ],
)
def test_a_wrong_configuration_is_told(
    root: Path, target: Target, before: str, after: str, expected: str
) -> None:
    ini = root / "alembic.ini"
    ini.write_text(ini.read_text().replace(before, after))

    error = failure(root, target)

    assert expected in error.found
    assert str(ini) in (error.where or "")


def test_a_version_table_that_is_not_known_beforehand_must_be_declared(
    tmp_path: Path, target: Target
) -> None:
    root = copy_of_shop(tmp_path, "env/own_version_table", NOWHERE)
    env = root / "migrations" / "env.py"
    env.write_text(env.read_text().replace('"applied Revisions"', '" ".join(["a", "b"])'))

    with pytest.raises(ConfigError, match="keeps its version in Own") as refused:
        route(root).build(target)

    assert refused.value.fix is not None
    assert 'bookkeeping = ["Own.a b"]' in refused.value.fix
    declared = route(root, version_tables=(QualifiedName("Own", "a b"),))
    declared.build(target)
    assert QualifiedName("Own", "a b") in declared.bookkeeping


def test_a_history_is_walked_up_and_down_in_one_process(root: Path, target: Target) -> None:
    with route(root).open(target) as history:
        assert history.upgrade("0001") == ("0001",)
        assert history.upgrade() == ("0002",)
        assert history.downgrade("0001") == ("0001",)
        assert history.downgrade("base") == ()
        assert history.upgrade() == ("0002",)
        assert history.heads() == ("0002",)


def test_a_failed_step_leaves_the_process_fit_for_the_next(root: Path, target: Target) -> None:
    add_revision(root, "0003", "0002", 'op.execute("SELECT 1 / 0")')

    with route(root).open(target) as history:
        with pytest.raises(SchemaError, match="division by zero"):
            history.upgrade()
        assert history.upgrade("0002") == ("0002",)


def test_steps_can_be_asked_for_one_at_a_time(root: Path, target: Target) -> None:
    alembic = route(root)
    alembic.upgrade(target, "0001")
    alembic.upgrade(target, "+1")
    alembic.downgrade(target, "-1")

    with psycopg.connect(target.conninfo()) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0001",)
        ]


def test_revisions_are_listed_parents_first(root: Path) -> None:
    assert route(root).revisions() == (
        Revision(
            id="0001",
            parents=(),
            message="create the orders",
            path="migrations/versions/0001_create_orders.py",
        ),
        Revision(
            id="0002",
            parents=("0001",),
            message="create the lines",
            path="migrations/versions/0002_create_lines.py",
        ),
    )


def test_offline_sql_is_written_without_any_connection(root: Path) -> None:
    up, down = route(root).sql(), route(root).sql("0002:0001", down=True)

    assert 'CREATE TABLE "Shop-Ä"."line ""of"" it"' in up
    assert 'DROP TABLE "Shop-Ä"."line ""of"" it"' in down


@pytest.mark.skipif(
    tuple(map(int, version("alembic").split(".")[:2])) < (1, 16),
    reason="Alembic reads pyproject.toml from 1.16 on",
)
def test_alembic_can_be_configured_in_pyproject(root: Path, target: Target) -> None:
    (root / "alembic.ini").unlink()
    toml = root / "pyproject.toml"
    toml.write_text(
        '[tool.alembic]\nscript_location = "%(here)s/migrations"\nprepend_sys_path = ["."]\n'
    )
    env = root / "migrations" / "env.py"
    env.write_text(
        env.read_text()
        .replace("config.get_section(config.config_ini_section, {})", "{'sqlalchemy.url': URL}")
        .replace("metadata =", "URL = 'postgresql://localhost/real'\nmetadata =")
    )

    AlembicRoute(config=toml).build(target)

    with psycopg.connect(target.conninfo()) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0002",)
        ]
