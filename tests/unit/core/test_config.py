"""The configuration: every file under `configs` is read, and what is said of it is under review.

`configs/valid/*.toml` must be read; `configs/invalid/*.toml` must be refused with exactly the
message beside it (`*.txt`, the folder written as FOLDER). A new file without a message fails and
prints the message to review.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pgassay.core.config import AlembicSettings, load_config
from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName

CONFIGS = Path(__file__).parent / "configs"
VALID = sorted(path.stem for path in (CONFIGS / "valid").glob("*.toml"))
INVALID = sorted(path.stem for path in (CONFIGS / "invalid").glob("*.toml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the configurations name."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "alembic.ini").touch()
    return tmp_path


@pytest.mark.parametrize("name", VALID)
def test_a_valid_file_is_read(name: str, folder: Path) -> None:
    shutil.copy(CONFIGS / "valid" / f"{name}.toml", folder / "pyproject.toml")
    config = load_config(folder)
    assert config.root == folder
    assert len(config.systems) == 1
    for called, system in config.systems.items():
        assert system.name == called


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_file_is_refused_with_the_message_under_review(name: str, folder: Path) -> None:
    shutil.copy(CONFIGS / "invalid" / f"{name}.toml", folder / "pyproject.toml")
    with pytest.raises(ConfigError) as refused:
        load_config(folder)
    told = str(refused.value).replace(str(folder), "FOLDER") + "\n"
    message = CONFIGS / "invalid" / f"{name}.txt"
    assert told == (message.read_text(encoding="utf-8") if message.exists() else "nothing yet")


def test_no_message_outlives_its_file() -> None:
    assert sorted(path.stem for path in (CONFIGS / "invalid").glob("*.txt")) == INVALID


def test_every_value_arrives(folder: Path) -> None:
    shutil.copy(CONFIGS / "valid" / "everything.toml", folder / "pyproject.toml")
    config = load_config(folder)
    system = config.system("shop")
    assert config.server == "embedded"
    assert system.metadata == "models:metadata"
    assert system.alembic == AlembicSettings(config=folder / "alembic.ini", section="shop")
    assert (system.sql, system.lock) == (folder / "sql", folder / "not/yet.lock")
    assert system.pictures == (folder / "docs/shop.png", folder / "docs/{part}.svg")
    assert system.dictionary == (folder / "docs/shop.html",)
    assert system.domains == {"Orders & more": ("order_*", "audit.Log")}
    assert system.postgres == 17
    assert system.settings == {"work_mem": "8MB", "autovacuum": "off", "max_connections": "20"}
    assert system.placeholders == {"owner": "me"}
    assert system.bookkeeping == (
        QualifiedName("public", "flyway_schema_history"),
        QualifiedName("audit", "Log.Old"),
    )
    (rule,) = system.partitions
    assert (rule.table, rule.every, rule.ahead) == (QualifiedName("audit", "Log"), "day", 7)


def test_the_nearest_file_that_speaks_of_pgassay_decides(folder: Path) -> None:
    shutil.copy(CONFIGS / "valid" / "least.toml", folder / "pyproject.toml")
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    (folder / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert load_config(deep).root == folder


def test_no_file_at_all_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no pyproject\.toml with") as refused:
        load_config(tmp_path)
    assert "[tool.pgassay.systems.shop]" in str(refused.value)


def test_an_unknown_system_is_answered_with_the_known_ones(folder: Path) -> None:
    shutil.copy(CONFIGS / "valid" / "everything.toml", folder / "pyproject.toml")
    with pytest.raises(ConfigError) as refused:
        load_config(folder).system("shpo")
    assert 'did you mean "shop"?' in str(refused.value)
