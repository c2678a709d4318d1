"""`pgassay migration FILE.sql`, as the user of a project without Alembic calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.projects.front_doors.copies import Copy

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # half a minute; tests/postgres/traffic has each part by itself

FILES = {
    "pyproject.toml": '[tool.pgassay.systems.shop]\nsql = "sql"\n',
    "sql/V1__tables.sql": """
create table customers (id int primary key, name text not null);
create table orders (id int primary key, customer int not null references customers, paid int);
""",
    "sql/V2__rename.sql": "alter table customers rename name to full_name;\n",
    "change.sql": "set local lock_timeout = '5s';\nalter table orders add column note text;\n",
}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "cache of files"


@pytest.fixture
def shop(tmp_path: Path, cache: Path) -> Copy:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return Copy(root=tmp_path, cache=cache)


def test_a_file_of_the_set_runs_behind_those_before_it_and_breaks_running_code(shop: Copy):
    done = shop.run("migration", "sql/V2__rename.sql", "--profile", "smoke", "--markdown", "pr.md")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "after the files before it in sql/" in done.stdout
    assert "rolling_deploy: reads, updates and inserts of running code" in done.stdout
    assert "migration_queue: every query on customers" in done.stdout
    assert "the site stands still for" in done.stdout
    text = (shop.root / "pr.md").read_text()
    assert text.startswith("## migration V2: shop ")
    assert "`alter table customers rename name to full_name`" in text
    assert "`rolling_deploy`" in text


def test_a_lone_file_runs_on_top_of_the_set_and_a_harmless_one_is_clean(shop: Copy):
    done = shop.run("migration", "change.sql", "--profile", "smoke")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "on top of what the route sql builds" in done.stdout
    assert "shop: clean" in done.stdout


def test_a_file_that_is_not_there_is_told_before_anything_runs(shop: Copy):
    done = shop.run("migration", "sql/V9__missing.sql")
    assert done.returncode == 2
    assert "there is no such file" in done.stderr
