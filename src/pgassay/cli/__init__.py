"""The command line: one module per command, imported when it is called."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `pgassay`; the entry point of the installed program."""
    from pgassay.cli.program import program  # noqa: PLC0415 - `import pgassay.cli` stays cheap

    sys.exit(program())
