"""The parts of a system: which of its tables are drawn and described together.

What the configuration groups under `domains` comes first, then the modules of the models; tables
in neither go by their schema.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.erd.parts import Part
from pgassay.sqla.modules import table_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.stand import Stand


def parts_of(stand: Stand) -> list[Part]:
    """Return the parts of a system.

    Raises ConfigError where a pattern under `domains` fits no table.
    """
    return [*_declared(stand), *_modules(stand)]


def _declared(stand: Stand) -> Iterator[Part]:
    request = stand.request
    names = [table.name for table in stand.contract.roots()]
    for title, patterns in request.system.domains.items():
        tables = {pattern: [name for name in names if fnmatchcase(name.label, pattern)]
                  for pattern in patterns}  # fmt: skip
        for pattern, found in tables.items():
            if not found:
                raise ConfigError(
                    f"the pattern {pattern} fits no table",
                    where=f"{request.config.root / 'pyproject.toml'}: "
                    f'tool.pgassay.systems.{stand.name}.domains."{title}"',
                    expected="name, schema.name, or a pattern such as order_*",
                    why="the tables that were meant would be drawn elsewhere, without a word",
                )
        yield Part(
            title=title, tables=frozenset(name for found in tables.values() for name in found)
        )


def _modules(stand: Stand) -> Iterator[Part]:
    request = stand.request
    if not request.system.metadata:
        return
    root = request.system.root or request.config.root
    for module in table_modules(request.system.metadata, root):
        names = [table.name for table in stand.contract.roots()]
        yield Part(
            title=module.title,
            about=module.about,
            tables=frozenset(name for name in names if name.name in module.tables),
        )
