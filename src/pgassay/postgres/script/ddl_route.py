"""The DDL route: a folder of reference DDL, each file one object, run in order.

Files directly in the folder come first, then `tables/`, then the other folders by name; a folder
whose name begins with a number comes before all that have none. Within a folder, files run by the
number they begin with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pgassay.core.digest import digest_of
from pgassay.core.errors import SchemaError
from pgassay.postgres.script.execution import connected, run_file
from pgassay.postgres.script.splitter import Splitter, included_files

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Target

_NUMBERED = re.compile(r"(\d+)[_-].+\.sql\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class DdlRoute:
    """A `core.route.Route`: every `NNN_name.sql` of a folder, one transaction each.

    Args:
        path: the folder.
    """

    path: Path

    @property
    def name(self) -> str:
        """The route's name."""
        return "ddl"

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """Nothing: reference DDL is run once."""
        return ()

    def digest(self) -> str:
        """Hash the files and those that they include.

        Raises:
            SchemaError: a file has no number, or there is none.
        """
        found: dict[Path, bytes] = {}
        for path in self.files():
            included_files(path.resolve(), self.path.resolve(), found)
        return digest_of(found, self.path.parent, facts={"route": "ddl"})

    def build(self, target: Target) -> None:
        """Run every file on `target`.

        Raises:
            SchemaError: a name or a statement is wrong.
            MachineError: the server does not answer.
        """
        splitter = Splitter(self.path.resolve())
        with connected(target) as connection:
            for path in self.files():
                statements = tuple(splitter.statements(path.resolve()))
                if statements:
                    run_file(connection, statements, target.dbname)

    def files(self) -> list[Path]:
        """Return the files in the order they run.

        Raises:
            SchemaError: a file has no number, two have the same, or there is none.
        """
        found = sorted(self.path.rglob("*.sql"), key=self._order)
        if not found:
            raise SchemaError(
                "there is no DDL", where=str(self.path), expected="files like 001_users.sql"
            )
        for before, after in pairwise(found):
            if before.parent == after.parent and _number(before) == _number(after):
                raise SchemaError(
                    f"{before.name} and {after.name} have the same number",
                    where=str(before.parent),
                    expected="each number once in a folder",
                )
        return found

    def _order(self, path: Path) -> tuple[object, ...]:
        folders = path.relative_to(self.path).parts[:-1]
        return (tuple(_folder_order(name) for name in folders), _number(path), path.name)


def _folder_order(name: str) -> tuple[int, int, str]:
    found = re.match(r"(\d+)[_-]", name)
    if found:
        return (0, int(found[1]), name)
    return (1 if name == "tables" else 2, 0, name)


def _number(path: Path) -> int:
    found = _NUMBERED.match(path.name)
    if not found:
        raise SchemaError(
            f"{path.name} has no number",
            where=str(path),
            expected="NNN_name.sql",
            why="files run in the order of their numbers",
            fix=f"rename it to 010_{path.name.lstrip('_')}",
        )
    return int(found[1])
