"""`pgassay init` in projects that nobody prepared, then the gate."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from tests.projects.adoption import layouts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.projects.adoption.conftest import Stranger
    from tests.projects.front_doors.copies import Copy


def systems(root: Path) -> dict[str, Any]:
    table = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = table["tool"]["pgassay"]["systems"]
    return found


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def adopted(project: Copy, *arguments: str, **environment: str) -> str:
    done = project.run("init", *arguments, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(project: Copy, *arguments: str, code: int = 2) -> str:
    """Run it where it must fail; whatever was there is there as it was, and nothing else."""
    before = contents(project.root)
    done = project.run("init", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert contents(project.root) == before
    return done.stderr


FOUND: dict[str, tuple[Mapping[str, str], dict[str, Any]]] = {
    "flat": (
        layouts.FLAT,
        {"my_shop": {"metadata": "models:Base", "alembic": "alembic.ini"}},
    ),
    "src layout": (
        layouts.SRC,
        {"my_shop": {"metadata": "shop.models:Base", "alembic": "alembic.ini", "root": "src"}},
    ),
    "backend in a folder": (
        layouts.BACKEND,
        {
            "project": {
                "metadata": "app.models:Base",
                "alembic": "backend/alembic.ini",
                "root": "backend",
            }
        },
    ),
    "pyproject alone": (
        layouts.TOML,
        {"my_shop": {"metadata": "models:Base", "alembic": "pyproject.toml"}},
    ),
    "an extension": (
        layouts.EXTENSION,
        {
            "my_shop": {
                "metadata": "models:Base",
                "alembic": "alembic.ini",
                "extensions": ["citext"],
            }
        },
    ),
    "tables that were there before": (
        layouts.BASELINE,
        {
            "my_shop": {
                "metadata": "models:Base",
                "alembic": {"config": "alembic.ini", "baseline": "first_models:Base"},
            }
        },
    ),
    "several heads": (
        layouts.HEADS,
        {
            "my_shop": {
                "metadata": "models:Base",
                "alembic": {"config": "alembic.ini", "revision": "heads"},
            }
        },
    ),
    "no target_metadata": (
        layouts.NO_TARGET,
        {"my_shop": {"metadata": "pkg.tables:Base", "alembic": "alembic.ini"}},
    ),
    "tables that were renamed": (
        layouts.RENAMED,
        {"my_shop": {"metadata": "models:Base", "alembic": "alembic.ini"}},
    ),
    "models that do not know each other": (
        layouts.SCATTERED,
        {
            "my_shop": {
                "metadata": "pkg.customers:Base, pkg.orders:Base",
                "alembic": "alembic.ini",
            }
        },
    ),
    "the configuration beside env.py": (
        layouts.BESIDE,
        {"my_shop": {"metadata": "models:Base", "alembic": "migrations/alembic.ini"}},
    ),
    "folders of revisions said by env.py": (
        layouts.FOLDERS_BY_ENV,
        {"my_shop": {"metadata": "models:Base", "alembic": "alembic.ini"}},
    ),
}


# What these add is where files are, which tests/unit/adoption looks for without a server.
_ELSEWHERE = {
    "src layout",
    "pyproject alone",
    "the configuration beside env.py",
    "folders of revisions said by env.py",
    "models that do not know each other",
    "no target_metadata",
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in _ELSEWHERE else []) for name in FOUND],
)
def test_what_a_project_is_made_of_is_found_and_the_gate_is_clean(
    name: str, stranger: Stranger
) -> None:
    files, expected = FOUND[name]
    project = stranger(files)

    adopted(project)

    assert systems(project.root) == expected
    (system,) = expected
    suite = (project.root / f"suites/{system}/test_{system}.py").read_text(encoding="utf-8")
    assert f'Suite("{system}")' in suite
    gate = project.run("gate")
    assert gate.returncode == 0, gate.stdout + gate.stderr
    assert f"{system}: clean" in gate.stdout


def test_a_fault_of_a_stranger_is_red(stranger: Stranger) -> None:
    longer = layouts.MODELS.replace("String(40)", "String(41)")
    project = stranger(layouts.FLAT | {"models.py": longer})

    adopted(project)

    gate = project.run("gate")
    assert gate.returncode == 1
    assert "customer.name" in gate.stdout


def test_each_section_becomes_a_system(stranger: Stranger) -> None:
    project = stranger(layouts.SECTIONS)
    told = refused(project)
    assert "alembic.ini:customers, alembic.ini:orders" in told

    adopted(project, "--alembic", "alembic.ini:customers")
    adopted(project, "--alembic", "alembic.ini:orders")

    assert systems(project.root) == {
        "my_shop": {
            "metadata": "customer_models:Base",
            "alembic": {"config": "alembic.ini", "section": "customers"},
        },
        "orders": {
            "metadata": "order_models:Base",
            "alembic": {"config": "alembic.ini", "section": "orders"},
        },
    }
    assert project.run("gate").returncode == 0


def test_a_name_that_is_taken_is_refused_and_nothing_is_changed(stranger: Stranger) -> None:
    project = stranger(layouts.SECTIONS)
    adopted(project, "--alembic", "alembic.ini:customers", "--name", "shop")

    told = refused(project, "--alembic", "alembic.ini:orders", "--name", "shop")

    assert 'there is a system called "shop" already' in told
    assert "pgassay init --name shop_2" in told


def test_a_variable_that_env_needs_is_asked_for_by_name(stranger: Stranger) -> None:
    project = stranger(layouts.VARIABLE)
    assert "--env SHOP_KEY=VALUE" in refused(project)

    adopted(project, "--env", "SHOP_KEY=anything")

    assert systems(project.root)["my_shop"]["environment"] == ["SHOP_KEY=anything"]
    assert project.run("gate").returncode == 0


def test_a_variable_that_is_set_is_let_through_by_name_alone(stranger: Stranger) -> None:
    project = stranger(layouts.VARIABLE)

    adopted(project, SHOP_KEY="a secret of mine")

    assert systems(project.root)["my_shop"]["environment"] == ["SHOP_KEY"]
    assert not any(b"a secret of mine" in data for data in contents(project.root).values())


def test_models_that_postgresql_refuses_are_left_out_and_told(stranger: Stranger) -> None:
    project = stranger(layouts.REFUSED_MODELS)

    told = adopted(project)

    assert "models:Base: they cannot be created" in told
    assert "SQLSTATE 42830" in told
    assert systems(project.root) == {"my_shop": {"alembic": "alembic.ini"}}
    text = (project.root / "pyproject.toml").read_text(encoding="utf-8")
    assert '# metadata = "models:Base"' in text
    assert project.run("gate").returncode == 0


def test_migrations_that_fail_are_left_out_and_told(stranger: Stranger) -> None:
    project = stranger(layouts.FAILING_MIGRATION)

    told = adopted(project)

    assert "they do not build an empty database" in told
    assert "division by zero" in told
    assert systems(project.root) == {"my_shop": {"metadata": "models:Base"}}
    text = (project.root / "pyproject.toml").read_text(encoding="utf-8")
    assert '# alembic = "alembic.ini"' in text


def test_a_project_that_is_configured_is_left_alone(stranger: Stranger) -> None:
    project = stranger(layouts.FLAT)
    adopted(project)
    before = contents(project.root)

    told = adopted(project)

    assert "alembic.ini is configured already: [tool.pgassay.systems.my_shop]" in told
    assert contents(project.root) == before


def test_a_suite_that_is_there_is_not_overwritten(stranger: Stranger) -> None:
    own = "# mine\n"
    project = stranger(layouts.FLAT | {"suites/my_shop/test_my_shop.py": own})

    adopted(project)

    suite = project.root / "suites/my_shop/test_my_shop.py"
    assert suite.read_text(encoding="utf-8") == own


def test_nothing_is_written_on_a_dry_run(stranger: Stranger) -> None:
    project = stranger(layouts.FLAT)
    before = contents(project.root)

    told = adopted(project, "--dry-run")

    assert "would be written" in told
    assert '    metadata = "models:Base"' in told
    assert contents(project.root) == before


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (layouts.NO_APPLICATION, "create_app().app_context().push()"),
        (layouts.IMPORT_ERROR, "No module named 'no_such_library'"),
        (
            {"pyproject.toml": layouts.PYPROJECT, "models.py": layouts.MODELS},
            "no alembic.ini and no [tool.alembic]",
        ),
        (
            {"db/env.py": layouts.env(""), "models.py": layouts.MODELS},
            "write an alembic.ini with script_location = db",
        ),
        (layouts.FLAT | {"pyproject.toml": "[project\n"}, "not valid TOML"),
        (
            layouts.FLAT | {"pyproject.toml": "tool = { ruff = {} }\n"},
            "a table cannot be added at the end",
        ),
        (layouts.FLAT | {"pyproject.toml": "[tool.pgassay]\nserver = 1\n"}, "tool.pgassay.server"),
    ],
    ids=[
        "no application",
        "import error",
        "no alembic",
        "bare env.py",
        "no TOML",
        "inline table",
        "wrong table",
    ],
)
def test_what_cannot_be_adopted_is_told(
    files: Mapping[str, str], says: str, stranger: Stranger
) -> None:
    assert says in refused(stranger(files))


def test_a_server_that_is_not_there_ends_with_3(stranger: Stranger) -> None:
    refused(stranger(layouts.FLAT), "--server", "postgresql://me@127.0.0.1:1/none", code=3)


def test_a_file_in_the_place_of_a_folder_ends_with_3(stranger: Stranger) -> None:
    project = stranger(layouts.FLAT | {"suites": "no folder"})

    told = refused(project, code=3)

    assert "it cannot be written" in told
    assert "nothing was written" in told
