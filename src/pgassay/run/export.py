"""A populated database as files, one for each table."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import quote as percent

import psycopg

from pgassay.core.catalog import TableKind
from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.event import Event, PhaseFinished, PhaseStarted, Progressed
from pgassay.postgres.bulk.files import write_csv, write_parquet
from pgassay.postgres.bulk.refusals import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.run.populated import PopulatedStand

WRITERS = {"csv": write_csv, "parquet": write_parquet}
_SESSION = ("set datestyle = 'ISO'", "set timezone = 'UTC'", "set extra_float_digits = 1")


def export(stand: PopulatedStand, form: str, folder: Path) -> Iterator[Event]:
    """Write every table to a file of `folder`, all of them or none.

    Args:
        stand: a filled one.
        form: csv or parquet.
        folder: is made; may be there if it is empty.

    Raises:
        ConfigError: there is something in it already.
        MachineError: it cannot be written.
    """
    see_to(folder)
    started = perf_counter()
    yield PhaseStarted(system=stand.name, phase="files")
    tables = [
        table
        for table in stand.catalogs[stand.proven].roots()
        if table.kind is not TableKind.FOREIGN
    ]
    partial = None
    rows = 0
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        with stand.server.connect(stand.volume) as connection:
            for setting in _SESSION:
                connection.execute(setting.encode())
            for number, table in enumerate(tables, 1):
                path = partial / f"{_file_name(table.name)}.{form}"
                rows += WRITERS[form](connection, table, path)
                yield Progressed(system=stand.name, phase="files", done=number, total=len(tables))
        if folder.exists():
            folder.rmdir()
        partial.chmod(0o755)
        partial.rename(folder)
        partial = None
    except OSError as refused:
        raise MachineError(
            f"the files could not be written: {refused.strerror or refused}",
            where=str(folder),
            fix="name a folder that can be written, with room for all rows",
        ) from refused
    except psycopg.Error as error:
        raise in_words(error, str(folder)) from error
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
    yield PhaseFinished(
        system=stand.name,
        phase="files",
        seconds=perf_counter() - started,
        counts={"written": len(tables), "rows": rows},
    )


def see_to(folder: Path) -> None:
    """Refuse a folder that holds something. Raises ConfigError."""
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(
            "the folder is not empty",
            where=str(folder),
            expected="a folder that does not exist yet, or is empty",
            why="files of another volume would stand beside these",
            fix="remove it, or name another",
        )


def _file_name(name: QualifiedName) -> str:
    """Return a name that every file system takes; `public.` is left out."""
    whole = name.name if name.schema == "public" else f"{name.schema}.{name.name}"
    return percent(whole, safe=" ")
