"""What an adoption writes: a table in pyproject.toml and a module that adopts what is derived.

Text is appended to pyproject.toml, so that comments and layout stay as they are, and the result is
read back before it is written. Nothing that is there is ever overwritten.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.config import parse_config
from pgassay.core.errors import ConfigError, MachineError
from pgassay.run.adoption.places import project_name

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from pathlib import Path

    from pgassay.core.config import System
    from pgassay.run.adoption.attempt import Adoption
    from pgassay.run.adoption.places import AlembicPlace

_SUITE = '''"""Everything that pgassay derives from {name}, as pytest items."""

from pgassay.testing import Suite

derived = Suite("{name}")
'''


_NAME = re.compile(r"[A-Za-z0-9_-]+")


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


def write(files: Sequence[Writing]) -> None:
    """Write all files, or none of them.

    Raises:
        MachineError: one of them cannot be written.
    """
    with ExitStack() as undo:
        path = None
        try:
            scratches = []
            for one in files:
                path = one.path
                _make_folder(path.parent, undo)
                scratches.append(_scratch(one, undo))
            for one, scratch in zip(files, scratches, strict=True):
                path = one.path
                if not path.exists():
                    undo.callback(_take_away, path)
                scratch.replace(
                    path.resolve()
                )  # the last one is the only one that was there before
        except OSError as error:
            raise MachineError(
                f"it cannot be written: {error.strerror or error}",
                where=str(path),
                expected="a folder and files that you may write to",
                why="nothing was written, neither this nor any other file",
            ) from error
        undo.pop_all()


def _make_folder(folder: Path, undo: ExitStack) -> None:
    """Make a folder and those that it is in."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        undo.callback(one.rmdir)


def _scratch(one: Writing, undo: ExitStack) -> Path:
    """Write a file beside its place; a link is followed, so that it stays one."""
    place = one.path.resolve()
    scratch = place.with_name(f".{place.name}.pgassay")
    undo.callback(_take_away, scratch)
    scratch.write_text(one.text, encoding="utf-8", newline="")
    if place.exists():
        shutil.copymode(place, scratch)
    return scratch


def _take_away(path: Path) -> None:
    with suppress(OSError):  # it was never made; what went wrong is told already
        path.unlink()


def present(root: Path) -> dict[str, System]:
    """Return the systems that are configured already, by name.

    Raises:
        ConfigError: pyproject.toml is damaged, or its `[tool.pgassay]` is wrong.
    """
    file = root / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        tools = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as damage:
        raise ConfigError(f"not valid TOML: {damage}", where=str(file)) from damage
    table = tools.get("pgassay", {})
    return dict(parse_config(table, file).systems) if "systems" in table else {}


def system_of(systems: Mapping[str, System], place: AlembicPlace) -> System | None:
    """Return the system that is already configured for an Alembic environment."""
    for system in systems.values():
        alembic = system.alembic
        if (
            alembic is not None
            and alembic.config.resolve() == place.config.resolve()
            and alembic.section == place.section
        ):
            return system
    return None


def name_for(place: AlembicPlace, wanted: str | None, root: Path, taken: Container[str]) -> str:
    """Return what to call a system: what is wanted, or the first telling name that is free.

    Raises:
        ConfigError: there is a system of that name, for other migrations.
    """
    if wanted is not None and not _NAME.fullmatch(wanted):
        raise ConfigError(
            f'"{wanted}" is no name for a system',
            where="--name",
            expected="letters, digits, _ and -",
        )
    section = () if place.section == "alembic" else (place.section,)
    names = [wanted] if wanted else [project_name(root), *section, place.config.parent.name]
    free = [name for name in names if name not in taken and _NAME.fullmatch(name)]
    if not free:
        raise ConfigError(
            f'there is a system called "{names[0]}" already',
            where=f"{root / 'pyproject.toml'}: [tool.pgassay.systems]",
            expected="another name: nothing that is configured is changed",
            fix=f"pgassay init --name {names[0]}_2",
        )
    return free[0]


def table_of(name: str, adoption: Adoption) -> str:
    """Return the table of the configuration."""
    root = adoption.asked.root
    lines = [f"[tool.pgassay.systems.{name}]"]
    if adoption.promise is not None:
        lines.append(f"metadata = {_string(adoption.promise.metadata)}")
    elif adoption.refused is not None:
        lines.append("# These models cannot be created in PostgreSQL (`pgassay init` said why):")
        lines.append(f"# metadata = {_string(adoption.refused)}")
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
    found = []
    # Without __init__.py, pytest wants another base name for each module.
    suite = root / "suites" / name / f"test_{name.replace('-', '_')}.py"
    if not suite.exists():
        text = _SUITE.format(name=name)
        found.append(Writing(path=suite, text=text, added=text, told="the derived suites"))
    return [*found, _configuration(root, name, table_of(name, adoption))]


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
    told = f"[tool.pgassay.systems.{name}]"
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


def _string(text: str) -> str:
    """Return a basic string: JSON's are TOML's."""
    return json.dumps(text, ensure_ascii=False)
