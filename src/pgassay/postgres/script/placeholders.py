"""Flyway's placeholders: `${name}` anywhere in a file, replaced before the file is split."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\$\{([^{}\n]+)\}")


def fill(text: str, values: Mapping[str, str], file: str) -> str:
    """Return the text with every placeholder replaced.

    Raises:
        SchemaError: one has no value.
    """

    def value(found: re.Match[str]) -> str:
        if found[1] in values:
            return values[found[1]]
        raise SchemaError(
            f"no value for the placeholder ${{{found[1]}}}",
            where=f"{file}:{text.count(chr(10), 0, found.start()) + 1}",
            expected=suggestion(found[1], values),
            fix=f'placeholders = {{ "{found[1]}" = "…" }} in the system\'s configuration',
        )

    return _PLACEHOLDER.sub(value, text)


def built_in(*, user: str, dbname: str, schema: str, table: str, filename: str) -> dict[str, str]:
    """Return Flyway's own placeholders, but those that differ from run to run."""
    return {
        "flyway:defaultSchema": schema,
        "flyway:user": user,
        "flyway:database": dbname,
        "flyway:table": table,
        "flyway:filename": filename,
    }
