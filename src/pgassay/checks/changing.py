"""Built-in functions whose result changes with the time, the session or the call.

Those that are declared stable or volatile in pg_proc and that people write in rules about a row.
"""

from __future__ import annotations

import re

CHANGING = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random"
    r"|gen_random_uuid|nextval|currval|lastval|current_setting|txid_current"
    r"|pg_current_xact_id|pg_backend_pid)\s*\("
    r"|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime|current_user"
    r"|session_user|current_role)\b(?!\s*[.:])",
    re.IGNORECASE,
)
_SAID = re.compile(r"""(?P<name>"(?:[^"]|"")*")|'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/""", re.DOTALL)


def without_words(text: str) -> str:
    """Return an expression or a body without its constants and comments."""
    return _SAID.sub(lambda said: said["name"] or "''", text)


def changing_call(text: str) -> str | None:
    """Return the call of such a function in an expression or a body: `now()`; None without one.

    Constants, quoted names and comments are passed over.
    """
    found = CHANGING.search(_SAID.sub("''", text))
    return " ".join(found[0].split()).replace("(", "()").replace(" ()", "()") if found else None
