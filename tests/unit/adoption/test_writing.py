"""What an adoption writes, and how: all of it, or nothing."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.config import load_config
from pgassay.core.errors import ConfigError, MachineError, SchemaError
from pgassay.run.adoption.attempt import Adoption, Asked
from pgassay.run.adoption.models import Promise
from pgassay.run.adoption.places import AlembicPlace
from pgassay.run.adoption.writing import (
    Writing,
    name_for,
    present,
    system_of,
    table_of,
    write,
    writings,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def adoption(tmp_path: Path) -> Adoption:
    (tmp_path / "alembic.ini").touch()
    place = AlembicPlace(config=tmp_path / "alembic.ini")
    asked = Asked(root=tmp_path, place=place, server="auto")
    promise = Promise(metadata="shop:Base", tables=("t",), how="")
    return Adoption(asked=asked, server="", promise=promise)


def test_a_plain_project_is_two_lines(adoption: Adoption) -> None:
    assert table_of("shop", adoption) == (
        '[tool.pgassay.systems.shop]\nmetadata = "shop:Base"\nalembic = "alembic.ini"\n'
    )


def test_everything_that_was_found_is_read_back(adoption: Adoption, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    place = replace(adoption.asked.place, section="shop")
    full = replace(
        adoption,
        asked=replace(adoption.asked, place=place, postgres=17),
        code=tmp_path / "src",
        revision="heads",
        baseline="first:Base",
        extensions=("citext", "pg_trgm"),
        environment=('KEY=a "quoted" \\ value',),
        bookkeeping=("own.versions",),
    )
    write(writings("shop", full))
    system = load_config(tmp_path).systems["shop"]
    assert system.alembic is not None
    assert (system.alembic.section, system.alembic.revision) == ("shop", "heads")
    assert system.alembic.baseline == "first:Base"
    assert system.root == tmp_path / "src"
    assert system.extensions == ("citext", "pg_trgm")
    assert system.environment == ('KEY=a "quoted" \\ value',)
    assert [str(name) for name in system.bookkeeping] == ["own.versions"]
    assert system.postgres == 17
    assert system_of(present(tmp_path), place) == system
    assert system_of(present(tmp_path), replace(place, section="alembic")) is None


@pytest.mark.parametrize(
    ("before", "gap"),
    [
        (b"", b""),
        (b"# mine\n[tool.x]\na = 1  # why\n", b"\n"),
        (b"[tool.x]\na = 1", b"\n\n"),
        (b"[tool.x]\r\na = 1\r\n", b"\r\n"),
        ("[tool.x]\na = 'ü'\n".encode(), b"\n"),
        (b"[tool.pgassay]\nserver = 'auto'\n", b"\n"),
    ],
    ids=["empty", "comments", "no line end", "CRLF", "UTF-8", "a table of pgassay"],
)
def test_what_stands_in_pyproject_stays(
    before: bytes, gap: bytes, adoption: Adoption, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_bytes(before)
    write(writings("shop", adoption))
    after = (tmp_path / "pyproject.toml").read_bytes()
    assert after.startswith(before + gap + b"[tool.pgassay.systems.shop]")
    assert after.count(b"\r\n") == (after.count(b"\n") if b"\r\n" in before else 0)
    assert "shop" in tomllib.loads(after.decode())["tool"]["pgassay"]["systems"]


def test_a_link_stays_a_link_and_rights_stay(adoption: Adoption, tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.touch(mode=0o640)
    (tmp_path / "pyproject.toml").symlink_to(real)
    write(writings("shop", adoption))
    assert (tmp_path / "pyproject.toml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "[tool.pgassay.systems.shop]" in real.read_text()


def test_what_fails_is_written_as_a_comment(adoption: Adoption) -> None:
    failed = replace(adoption, failure=SchemaError("no"))
    assert '# alembic = "alembic.ini"' in table_of("shop", failed).splitlines()
    refused = replace(adoption, promise=None, refused="shop:Base")
    assert '# metadata = "shop:Base"' in table_of("shop", refused).splitlines()


def test_all_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "in the way").touch()
    files = [
        Writing(path=path, text="new", added="", told="")
        for path in (tmp_path / "a/b/one.py", tmp_path / "in the way/two.py")
    ]
    with pytest.raises(MachineError) as caught:
        write(files)
    assert caught.value.where == str(files[1].path)
    assert [path.name for path in tmp_path.iterdir()] == ["in the way"]


def test_a_file_that_cannot_be_replaced_takes_the_others_back(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    files = [
        Writing(path=path, text="new", added="", told="")
        for path in (tmp_path / "a/one.py", tmp_path / "folder")
    ]
    with pytest.raises(MachineError):
        write(files)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_names_are_chosen_until_one_is_free(tmp_path: Path) -> None:
    root = tmp_path / "Shop"
    place = AlembicPlace(config=root / "backend/alembic.ini", section="orders")
    assert name_for(place, None, root, ()) == "shop"
    assert name_for(place, None, root, ("shop",)) == "orders"
    assert name_for(place, None, root, ("shop", "orders")) == "backend"
    with pytest.raises(ConfigError, match='called "shop" already'):
        name_for(place, None, root, ("shop", "orders", "backend"))


@pytest.mark.parametrize("name", ["", "a b", "ü", 'a"b', "a/b", "a.b"])
def test_a_name_that_is_no_bare_key_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no name for a system"):
        name_for(AlembicPlace(config=tmp_path / "alembic.ini"), name, tmp_path, ())
