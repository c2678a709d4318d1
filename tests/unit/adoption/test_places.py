"""Where Alembic environments and models are, by their files alone."""

from __future__ import annotations

import sysconfig
from typing import TYPE_CHECKING

import pytest

from pgassay.run.adoption.places import (
    AlembicPlace,
    alembic_places,
    bare_environments,
    homes_of,
    mentioned_majors,
    modules_with_tables,
    project_name,
    project_root,
)

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "from sqlalchemy import Table\n\nt = Table('t')\n"
RUNS = "context.run_migrations()\n"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_every_section_with_a_script_location_is_a_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "deep/er/alembic.ini": "[alembic]\nscript_location = m\n",
            "setup.ini": "[tool]\nname = x\n",
            "alembic.ini": "[b]\nscript_location = %(here)s/b\n[loggers]\nkeys = root\n"
            "[a]\nscript_location = a\n",
            "pyproject.toml": '[tool.alembic]\nscript_location = "m"\n',
        },
    )
    assert [place.told(tmp_path) for place in alembic_places(tmp_path)] == [
        "alembic.ini:a",
        "alembic.ini:b",
        "pyproject.toml",
        "deep/er/alembic.ini",
    ]


@pytest.mark.parametrize(
    "folder", ["node_modules", ".tox", "site-packages", "build", "__pycache__", "venv"]
)
def test_what_others_wrote_is_not_looked_into(folder: str, tmp_path: Path) -> None:
    write(tmp_path, {f"{folder}/x/alembic.ini": "[alembic]\nscript_location = m\n"})
    assert alembic_places(tmp_path) == []


def test_a_virtual_environment_is_known_by_its_mark(tmp_path: Path) -> None:
    ini = {"own/alembic.ini": "[alembic]\nscript_location = m\n"}
    assert alembic_places(write(tmp_path, ini)) == [
        AlembicPlace(config=tmp_path / "own/alembic.ini")
    ]
    assert alembic_places(write(tmp_path, {"own/pyvenv.cfg": ""})) == []


def test_an_env_that_no_file_names_is_found(tmp_path: Path) -> None:
    write(tmp_path, {"db/env.py": RUNS, "settings/env.py": "DEBUG = True\n"})
    assert bare_environments(tmp_path) == [tmp_path / "db/env.py"]


def test_the_root_is_the_nearest_folder_with_a_pyproject(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "", "repo/.git/HEAD": "", "repo/app/x.py": ""})
    assert project_root(tmp_path / "repo/app") == tmp_path / "repo/app"
    write(tmp_path, {"repo/pyproject.toml": ""})
    assert project_root(tmp_path / "repo/app") == tmp_path / "repo"


def test_modules_with_tables_are_told_by_their_text(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "src/shop/orm/orders.py": TABLE,
            "src/shop/orm/__init__.py": TABLE,
            "src/shop/flask.py": "from shop import db\n\n\nclass Cart(db.Model): ...\n",
            "src/shop/prose.py": "'''Table(s) of another kind'''\n",
            "tests/models.py": TABLE,
            "migrations/versions/1.py": TABLE,
            "not-a-name.py": TABLE,
        },
    )
    found = modules_with_tables(tmp_path, (), tmp_path / "migrations")
    assert found == ["shop.flask", "shop.orm", "shop.orm.orders"]


def test_models_of_an_installed_package_are_where_its_migrations_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library/site-packages"
    write(
        library,
        {"shop/db/migrations/env.py": RUNS, "shop/models.py": TABLE, "another/models.py": TABLE},
    )
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(library))
    root = write(tmp_path / "work", {"alembic.ini": ""})
    assert modules_with_tables(root, (), library / "shop/db/migrations") == ["shop.models"]


def test_models_around_migrations_elsewhere_belong_to_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"lib/shop/__init__.py": "", "lib/shop/m/env.py": RUNS, "lib/shop/models.py": TABLE},
    )
    root = write(tmp_path / "work", {"alembic.ini": ""})
    assert modules_with_tables(root, (), tmp_path / "lib/shop/m") == ["shop.models"]


def test_the_homes_of_a_module_are_the_outermost_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"app/core/x.py": "", "a/b/app/__init__.py": "", "src/app.py": "", "lib/other.py": ""},
    )
    assert homes_of("app", tmp_path) == [tmp_path / "src", tmp_path / "a/b"]
    assert homes_of("other", tmp_path) == [tmp_path / "lib"]
    assert homes_of("missing", tmp_path) == []


def test_majors_are_read_where_services_are_described(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "docker-compose.yml": "image: postgres:16-alpine\n",
            ".github/workflows/test.yml": "image: postgres:17\n",
            "notes.yml": "postgres:14\n",
        },
    )
    assert mentioned_majors(tmp_path) == {
        16: "docker-compose.yml",
        17: ".github/workflows/test.yml",
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[project]\nname = "My-Shop.Web"\n', "my_shop_web"),
        ('[tool.poetry]\nname = "poet"\n', "poet"),
        ("broken [", "the_folder"),
        ('[project]\nname = "é"\n', "database"),
        ("", "the_folder"),
    ],
)
def test_a_project_is_called_as_its_pyproject_says(text: str, name: str, tmp_path: Path) -> None:
    root = write(tmp_path / "The Folder", {"pyproject.toml": text})
    assert project_name(root) == name
