"""What an adoption writes: a table in pyproject.toml and a module that adopts what is derived.

Text is appended to pyproject.toml, so that comments and layout stay as they are, and the result is
read back before it is written. Nothing that is there is ever overwritten.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.config import load_config, parse_config
from pgassay.core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.config import System
    from pgassay.run.adoption.attempt import Adoption
    from pgassay.run.adoption.places import AlembicPlace

_SUITE = '''"""Everything that pgassay derives from {title}, as pytest items."""

from pgassay.testing import Suite

derived = Suite({name})
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One file to be written.

    Args:
        path: which.
        text: its whole text afterwards.
        added: what is new in it.
        told: what a person is told of it.
    """

    path: Path
    text: str
    added: str
    told: str

    def write(self) -> None:
        """Write it, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.path.with_name(f".{self.path.name}.pgassay")
        scratch.write_text(self.text, encoding="utf-8", newline="")
        if self.path.exists():
            os.chmod(scratch, self.path.stat().st_mode)  # noqa: PTH101 - follows the original
        scratch.replace(self.path)


def configured(root: Path, place: AlembicPlace) -> System | None:
    """Return the system that is already configured for an Alembic environment."""
    file = root / "pyproject.toml"
    if not file.is_file() or "tool.pgassay" not in file.read_text(encoding="utf-8"):
        return None
    for system in load_config(root).systems.values():
        alembic = system.alembic
        if alembic and alembic.config.resolve() == place.config.resolve():  # noqa: SIM102
            if alembic.section == place.section:
                return system
    return None


def table_of(name: str, adoption: Adoption) -> str:
    """Return the table of the configuration."""
    root = adoption.asked.root
    lines = [f"[tool.pgassay.systems.{_key(name)}]"]
    if adoption.promise is not None:
        lines.append(f"metadata = {_string(adoption.promise.metadata)}")
    alembic = f"alembic = {_alembic(adoption)}"
    if adoption.failure is not None:
        lines.append("# These do not build an empty database (`pgassay init` said why):")
        alembic = f"# {alembic}"
    lines.append(alembic)
    if adoption.code is not None:
        lines.append(f"root = {_string(_relative(adoption.code, root))}")
    lines += [
        f"{key} = [{', '.join(map(_string, values))}]"
        for key in ("extensions", "environment", "bookkeeping")
        if (values := getattr(adoption, key))
    ]
    if adoption.asked.postgres is not None:
        lines.append(f"postgres = {adoption.asked.postgres}")
    return "\n".join(lines) + "\n"


def writings(name: str, adoption: Adoption) -> list[Writing]:
    """Return the files to be written; those that are there already are left out.

    Raises:
        ConfigError: pyproject.toml cannot take another table at its end.
    """
    root = adoption.asked.root
    found = [_configuration(root, name, table_of(name, adoption))]
    suite = root / "suites" / name / "test_derived.py"
    if not suite.exists():
        title = name.replace("\\", "").replace('"', "")
        text = _SUITE.format(title=title, name=_string(name))
        found.append(Writing(path=suite, text=text, added=text, told="the derived suites"))
    return found


def _configuration(root: Path, name: str, table: str) -> Writing:
    path = root / "pyproject.toml"
    before = ""
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:  # line ends stay as they are
            before = file.read()
    end = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before else end if before.endswith("\n") else end * 2
    added = table.replace("\n", end)
    text = before + gap + added
    try:
        read = tomllib.loads(text)
        parse_config(read["tool"]["pgassay"], path)
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigError(
            f"a table cannot be added at the end: {error}",
            where=str(path),
            expected="a file in which [tool] is no inline table",
            fix=f"add these lines by hand:\n{table}",
        ) from error
    told = f"[tool.pgassay.systems.{_key(name)}]"
    return Writing(path=path, text=text, added=added, told=told)


def _alembic(adoption: Adoption) -> str:
    asked = adoption.asked
    config = _string(_relative(asked.place.config, asked.root))
    more = []
    if asked.place.section != "alembic":
        more.append(f"section = {_string(asked.place.section)}")
    if adoption.revision != "head":
        more.append(f"revision = {_string(adoption.revision)}")
    if adoption.baseline is not None:
        more.append(f"baseline = {_string(adoption.baseline)}")
    return f"{{ config = {config}, {', '.join(more)} }}" if more else config


def _relative(path: Path, root: Path) -> str:
    return os.path.relpath(path, root)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else _string(name)


def _string(text: str) -> str:
    """Return a basic string: JSON's are TOML's."""
    return json.dumps(text, ensure_ascii=False)
