"""TOML as people write it: one table that knows its own name, so that errors can say where.

Unknown keys and values of the wrong kind are errors that name the file, the key and what would be
valid. Paths are resolved against the folder of the file.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from pathlib import Path


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a file holds; ConfigError where it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as damage:
        raise ConfigError(f"not valid TOML: {damage}", where=str(path)) from damage


class TomlTable:
    """One TOML table that knows its own name, for messages."""

    def __init__(self, data: object, name: str, path: Path) -> None:
        self.name, self.path = name, path
        if not isinstance(data, dict):
            raise ConfigError("not a table", where=f"{path}: {name}", expected=f"[{name}]")
        self.data: dict[str, Any] = data

    def only(self, *valid: str) -> None:
        """Refuse keys that are not among `valid`."""
        for key in self.data:
            if key not in valid:
                raise ConfigError(
                    f'unknown key "{key}"',
                    where=f"{self.path}: [{self.name}]",
                    expected=suggestion(key, valid),
                    why="a misspelt setting would be ignored in silence",
                )

    def wrong(self, key: str, found: str, expected: str) -> ConfigError:
        """Return the error for one key."""
        return ConfigError(found, where=f"{self.path}: {self.name}.{key}", expected=expected)

    def take(self, key: str, kind: type, default: Any = MISSING) -> Any:
        """Return the value of a key if it is of that kind."""
        if key not in self.data:
            if default is MISSING:
                raise self.wrong(key, "missing", f"a {_WORD[kind]}")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, f"{value!r} is no {_WORD[kind]}", f"a {_WORD[kind]}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of strings."""
        items = self.take(key, list, [])
        if not all(isinstance(item, str) for item in items):
            raise self.wrong(key, f"{items!r} is no list of strings", "a list of strings")
        return tuple(items)

    def mapping(self, key: str) -> dict[str, str]:
        """Return a table of scalars as strings, the way PostgreSQL writes settings."""
        words = {True: "on", False: "off"}
        given = self.take(key, dict, {})
        for name, value in given.items():
            if not isinstance(value, str | int | float):
                raise self.wrong(f"{key}.{name}", f"{value!r} is no single value", "one value")
        return {k: words[v] if isinstance(v, bool) else str(v) for k, v in given.items()}

    def file(self, key: str, *, must_exist: bool = True) -> Path | None:
        """Return a path, resolved against the file's folder."""
        given = self.take(key, str, None)
        if given is None:
            return None
        path: Path = (self.path.parent / given).resolve()
        if must_exist and not path.exists():
            raise self.wrong(key, f"{given} does not exist", "a path that exists, from here")
        return path

    def files(self, key: str) -> tuple[Path, ...]:
        """Return a path or a list of paths, resolved against the file's folder."""
        given = self.data.get(key, [])
        names = (given,) if isinstance(given, str) else self.strings(key)
        return tuple((self.path.parent / name).resolve() for name in names)

    def relation(self, text: str, key: str) -> QualifiedName:
        """Return the name of a relation: `name` (in public) or `schema.name`, unquoted."""
        schema, dot, name = text.partition(".")
        if not schema or (dot and not name):
            raise self.wrong(key, f"{text!r} is no relation", "schema.name")
        return QualifiedName(schema, name) if dot else QualifiedName("public", text)


_WORD = {str: "string", int: "number", list: "list", dict: "table", bool: "boolean"}
