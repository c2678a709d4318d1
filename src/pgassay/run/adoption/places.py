"""Where a project keeps its Alembic environments and its models, found without running anything."""

from __future__ import annotations

import configparser
import os
import re
import sysconfig
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SKIPPED = frozenset(
    """
    node_modules __pycache__ site-packages build dist venv
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_DEEPEST = 8
_DEFINES = re.compile(r"__tablename__|\bTable\s*\(|\btable\s*=\s*True\b")
_FLASK = re.compile(r"\bdb\.(?:Model|Table)\b")  # Flask-SQLAlchemy's, whose tables name themselves
_SQLALCHEMY = re.compile(r"\b(?:sqlalchemy|sqlmodel|SQLAlchemy)\b")
_MENTIONED = re.compile(r"\bpostgres(?:ql)?(?:-alpine)?:(?P<major>\d{2})\b")
_COMPOSES = re.compile(r"(?:docker-)?compose.*\.ya?ml\Z|\.gitlab-ci\.yml\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlembicPlace:
    """One Alembic environment.

    Args:
        config: alembic.ini, or a pyproject.toml with `[tool.alembic]`.
        section: the section that names the script directory.
    """

    config: Path
    section: str = "alembic"

    def told(self, root: Path) -> str:
        """Return it as `--alembic` takes it: `path`, or `path:section`."""
        path = str(self.config.relative_to(root)) if self.config.is_relative_to(root) else None
        place = path or str(self.config)
        return place if self.section == "alembic" else f"{place}:{self.section}"


def project_root(start: Path) -> Path:
    """Return the nearest folder with a pyproject.toml, from `start` upward; or `start`."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file():
            return folder
        if (folder / ".git").exists():
            break
    return start


def alembic_places(root: Path) -> list[AlembicPlace]:
    """Return every Alembic environment under a folder, the outermost first."""
    found: list[AlembicPlace] = []
    for path in _files(root):
        if path.suffix == ".ini":
            found += _of_ini(path)
        elif path.name == "pyproject.toml" and _has_toml_table(path):
            found.append(AlembicPlace(config=path))
    return sorted(found, key=lambda one: (len(one.config.parts), str(one.config), one.section))


def bare_environments(root: Path) -> list[Path]:
    """Return each env.py that Alembic could run and that no configuration names."""
    return [
        path
        for path in _files(root)
        if path.name == "env.py" and "run_migrations" in path.read_text("utf-8", "replace")
    ]


def modules_with_tables(root: Path, paths: tuple[Path, ...], script: Path) -> list[str]:
    """Return the dotted names of the modules in which tables are defined, by their text.

    Args:
        root: the project's folder.
        paths: further folders on `sys.path`.
        script: the folder of env.py; where it belongs to an installed package, so do the models.
    """
    bases: tuple[Path, ...] = (*paths, root / "src", root)
    searched = [root]
    package = None if script.is_relative_to(root) else _package_around(script)
    if package is not None:
        bases, searched = (*bases, package.parent), [root, package]
    names = set()
    for path in (file for folder in searched for file in _files(folder)):
        if path.suffix != ".py" or "versions" in path.parts or path.name == "env.py":
            continue
        text = path.read_text("utf-8", "replace")
        if _FLASK.search(text) or (_DEFINES.search(text) and _SQLALCHEMY.search(text)):
            name = _dotted(path, bases)
            if name and not name.startswith(("tests.", "test_", "conftest")):
                names.add(name)
    return sorted(names)


def homes_of(module: str, root: Path) -> list[Path]:
    """Return the folders below the root that a top-level module can be imported from.

    The outermost comes first.
    """
    homes: set[Path] = set()
    for path in _files(root):
        if path.suffix == ".py":
            if path.stem == module:
                homes.add(path.parent)
            if path.parent.name == module and path.parent != root:
                homes.add(path.parent.parent)
    return sorted(homes - {root}, key=lambda home: (len(home.parts), home.name != "src", str(home)))


def mentioned_majors(root: Path) -> dict[int, str]:
    """Return the PostgreSQL majors that compose files and workflows name, and where."""
    found: dict[int, str] = {}
    candidates = [path for path in _files(root) if _COMPOSES.search(path.name)]
    workflows = root / ".github" / "workflows"
    if workflows.is_dir():
        candidates += sorted(workflows.glob("*.y*ml"))
    for path in candidates:
        for match in _MENTIONED.finditer(path.read_text("utf-8", "replace")):
            found.setdefault(int(match["major"]), str(path.relative_to(root)))
    return found


def project_name(root: Path) -> str:
    """Return the name in pyproject.toml, or that of the folder, as a word."""
    name = ""
    file = root / "pyproject.toml"
    if file.is_file():
        try:
            table = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            table = {}
        name = str(table.get("project", {}).get("name", ""))
        name = name or str(table.get("tool", {}).get("poetry", {}).get("name", ""))
    return re.sub(r"[^a-z0-9_]+", "_", (name or root.name).lower()).strip("_") or "database"


def _files(root: Path) -> Iterator[Path]:
    """Yield the files that can matter, virtual environments and the like left out."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        if len(here.parts) - len(root.parts) >= _DEEPEST:
            folders.clear()
        folders[:] = sorted(
            name
            for name in folders
            if name not in _SKIPPED
            and not name.startswith(".")
            and not (here / name / "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            if name.endswith((".ini", ".py", ".toml", ".yml", ".yaml")):
                yield here / name


def _of_ini(path: Path) -> Iterator[AlembicPlace]:
    text = path.read_text("utf-8", "replace")
    beside = path.parent / "env.py"
    if "script_location" not in text:
        if beside.is_file() and "run_migrations" in beside.read_text("utf-8", "replace"):
            yield AlembicPlace(config=path)  # Flask-Migrate's: it names no folder, and lies in it
        return
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        yield AlembicPlace(config=path)  # running it says what is wrong
        return
    for section in parser.sections():
        if "script_location" in parser[section]:
            yield AlembicPlace(config=path, section=section)


def _has_toml_table(path: Path) -> bool:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return "script_location" in table.get("tool", {}).get("alembic", {})


def _package_around(folder: Path) -> Path | None:
    """Return the outermost package that a folder is in; None if it is in none."""
    for base in map(Path, (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))):
        if folder.is_relative_to(base) and folder != base:
            return base / folder.relative_to(base).parts[0]
    package = None
    while (folder.parent / "__init__.py").is_file():
        folder = package = folder.parent
    return package


def _dotted(path: Path, bases: tuple[Path, ...]) -> str | None:
    for base in bases:
        if path.is_relative_to(base):
            parts = list(path.relative_to(base).with_suffix("").parts)
            if parts[-1] == "__init__":
                parts.pop()
            if parts and all(part.isidentifier() for part in parts):
                return ".".join(parts)
    return None
