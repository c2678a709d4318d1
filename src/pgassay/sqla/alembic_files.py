"""An Alembic environment's files, read without running them: what decides the result."""

from __future__ import annotations

import ast
import configparser
import os
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError, suggestion
from pgassay.core.names import QualifiedName
from pgassay.sqla.sources import Closure
from pgassay.sqla.syntax import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlembicFiles:
    """Where an Alembic environment keeps what.

    Args:
        config: the configuration's file.
        root: the project's folder.
        script: the script directory.
        versions: further folders of revisions (`version_locations`).
        paths: folders put on `sys.path` (`prepend_sys_path`).
        options: the section's options as text.
    """

    config: Path
    root: Path
    script: Path
    versions: tuple[Path, ...]
    paths: tuple[Path, ...]
    options: Mapping[str, str]

    @classmethod
    def read(cls, config: Path, section: str, root: Path) -> AlembicFiles:
        """Read the configuration.

        Raises:
            SchemaError: the file, the section or the script directory is not there.
        """
        if not config.is_file():
            raise SchemaError(
                "there is no such file",
                where=str(config),
                expected="an alembic.ini, or a pyproject.toml with [tool.alembic]",
            )
        is_toml = config.suffix == ".toml"
        options = _toml_options(config) if is_toml else _ini_options(config, section)
        location = options.get("script_location")
        if not location and (config.parent / "env.py").is_file():
            location = str(config.resolve().parent)  # Flask-Migrate keeps it beside env.py
        if not location:
            raise SchemaError(
                "script_location is missing",
                where=f"{config}: [{section}]",
                expected="the folder of env.py",
                fix="script_location = %(here)s/migrations",
            )
        script = _script(location, root, config.resolve().parent)
        if not (script / "env.py").is_file():
            raise SchemaError(
                f"script_location leads to {script}, which holds no env.py",
                where=f"{config}: [{section}] script_location",
                expected="a folder with env.py and versions",
                fix="write it from the file's own folder: script_location = %(here)s/migrations",
            )
        separator = _separator(options)
        return cls(
            config=config,
            root=root,
            script=script,
            versions=_split(options.get("version_locations", ""), separator, root),
            paths=_split(options.get("prepend_sys_path", ""), separator, root),
            options=options,
        )

    def closure(self) -> Closure:
        """Return every file that decides the result, with its content."""
        closure = Closure(roots=(*self.paths, self.root))
        closure.add_file(self.config)
        for folder in (self.script, *self.versions):
            closure.add_folder(folder)
        if any("dotenv" in text or "env_file" in text for text in closure.texts()):
            for folder in {self.root, *self.paths}:
                for path in sorted(folder.glob(".env*")):
                    closure.add_file(path)
        return closure

    def version_tables(self) -> tuple[QualifiedName, ...]:
        """Return the version tables that env.py configures, as far as they are plain text."""
        text = (self.script / "env.py").read_text(encoding="utf-8")
        tables, schemas = _configured(text, self.options)
        return tuple(
            QualifiedName(schema, table)
            for table in sorted(tables or {_DEFAULT_TABLE})
            for schema in sorted(schemas or {"public"})
        )


def _configured(text: str, options: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Return the values of version_table and version_table_schema, and of their names."""
    try:
        tree = syntax_tree(text)
    except SyntaxError:
        return set(), set()  # running it will say so, with the line
    constants = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: dict[str, set[str]] = {"version_table": set(), "version_table_schema": set()}
    for node in ast.walk(tree):
        pairs: list[tuple[str | None, ast.expr]] = []
        if isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
        elif isinstance(node, ast.Dict):
            pairs = [
                (str(key.value), value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            ]
        for name, value in pairs:
            if name in found and (plain := _plain(value, constants, options)):
                found[name].add(plain)
    return found["version_table"], found["version_table_schema"]


def _plain(
    value: ast.expr, constants: Mapping[str, ast.expr], options: Mapping[str, str]
) -> str | None:
    """Return a string constant, a name for one, or an option of the configuration."""
    if isinstance(value, ast.Name):
        value = constants.get(value.id, value)
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "get_main_option"
        and value.args
        and isinstance(value.args[0], ast.Constant)
    ):
        return options.get(str(value.args[0].value))
    return None


def _ini_options(config: Path, section: str) -> dict[str, str]:
    parser = configparser.ConfigParser(
        defaults={"here": str(config.resolve().parent).replace("%", "%%")}
    )
    try:
        parser.read_string(config.read_text(encoding="utf-8"), str(config))
        if not parser.has_section(section):
            raise SchemaError(
                f"there is no section [{section}]",
                where=str(config),
                expected=suggestion(section, parser.sections()),
            )
        return {
            name: parser.get(section, name, raw=name not in _INTERPOLATED)
            for name in parser[section]
        }
    except configparser.Error as error:
        raise SchemaError(str(error), where=str(config), expected="an ini file") from error


_INTERPOLATED = frozenset(
    {"script_location", "version_locations", "prepend_sys_path", "version_table", "path_separator"}
)


def _toml_options(config: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(config.read_text(encoding="utf-8")).get("tool", {}).get("alembic")
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(str(error), where=str(config), expected="valid TOML") from error
    if not isinstance(table, dict):
        raise SchemaError("there is no [tool.alembic]", where=str(config))
    here = str(config.resolve().parent)
    options = {"path_separator": "newline"}
    for name, value in table.items():
        text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
        options[name] = text.replace("%(here)s", here).replace("%%", "%")
    return options


def _separator(options: Mapping[str, str]) -> str:
    """Return a pattern for what stands between paths (path_separator and its forerunner)."""
    word = options.get("path_separator") or options.get("version_path_separator") or "legacy"
    known = {"os": re.escape(os.pathsep), "space": r"\s+", "newline": r"\n"}
    return known.get(word, r"[\s,:;]+" if word == "legacy" else re.escape(word))


def _split(text: str, separator: str, root: Path) -> tuple[Path, ...]:
    parts = [part.strip() for part in re.split(separator, text) if part.strip()]
    return tuple(folder for part in parts if (folder := _folder(part, root)).is_dir())


def _script(location: str, root: Path, beside: Path) -> Path:
    """Return the script directory: from the project's folder, or else from the file's own.

    Alembic looks from the folder that it is called in, and many call it where the file is.
    """
    script = _folder(location, root)
    own = _folder(location, beside)
    return own if not (script / "env.py").is_file() and (own / "env.py").is_file() else script


def _folder(location: str, root: Path) -> Path:
    """Return a location as Alembic finds it: `package:folder:…`, or a path from the project."""
    package, *rest = location.split(":")
    if rest and not location.startswith("/") and package.isidentifier():
        return Path(_package(package, root), *rest).resolve()
    return (root / location).resolve()


def _package(name: str, root: Path) -> Path:
    """Return a package's folder: the project's, or that of an installed one."""
    if not (root / name).is_dir():
        with suppress(ImportError, ValueError):
            spec = find_spec(name)  # of a top-level name: nothing is imported
            if spec and spec.submodule_search_locations:
                return Path(next(iter(spec.submodule_search_locations)))
    return root / name
