"""The program: finds the command, and turns what goes wrong into words and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import Any

import click

import pgassay
from pgassay.core.errors import ExitCode, PgassayError, redact, suggestion

# Command → module of this package, attribute, and its one line of help (click would import all of
# them to print the list).
_COMMANDS = {
    "init": "find a project's models and migrations, and write the configuration",
    "gate": "prove that the schema keeps its promises",
    "drift": "say where the routes and the locked contract differ",
    "check": "say what is wrong with a schema's structure; of any database, by URL",
    "accept": "accept a finding of a check, with a reason",
    "catalog": "show what a database is",
    "lock": "show or accept changes of the locked contract",
    "erd": "draw the schema as Mermaid diagrams, SVG or PNG, or check what is drawn",
    "dictionary": "write the data dictionary of a schema, or check it",
    "bench": "judge the plans of the hot queries on a populated database",
    "migration": "say what a revision will do to a populated database, by doing it there",
    "explain-query": "show the plan of one query, and what is wrong with it",
    "report": "make reports again from the events of a run, or compare two",
    "serve": "keep a migrated database to play with, until Ctrl-C",
    "populate": "fill a migrated database with rows like production's",
    "profile": "take a profile of a real database from the planner's statistics",
    "snapshot": "take what the planner sees of a real database, to ask at its size",
    "explain": "print the page of a kind of case or of a check",
    "doctor": "say what this machine can do, and why not",
}

_OURS = (
    f"this is a fault of pgassay {pgassay.__version__} itself, not of your schema\n"
    "  expected an answer, or an error in plain words\n"
    "  fix      please report it with the command and the lines above"
)


class _Commands(click.Group):
    """Commands by module name; a misspelt one gets a suggestion."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the story."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"pgassay.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what was meant where a name is unknown."""
        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            ctx.fail(f'no command is called "{args[0]}": {suggestion(args[0], _COMMANDS)}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the list without importing the commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(pgassay.__version__, prog_name="pgassay")
def _group() -> None:
    """Put a PostgreSQL schema to the test.

    Exit codes: 0 clean, 1 findings, 2 wrong use or configuration, 3 environment,
    4 a fault of pgassay itself.
    """


def program(args: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    # click looks at the terminal only (https://no-color.org asks for more).
    colour = False if os.environ.get("NO_COLOR") else None
    try:
        result: Any = _group.main(
            args=args, prog_name="pgassay", standalone_mode=False, color=colour
        )
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as misuse:
        misuse.show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was left behind", err=True)
        return 130  # as shells say of SIGINT
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.CLEAN
    except Exception as error:  # noqa: BLE001 - none may look like findings, which is 1
        return _told(error, colour)
    return result if isinstance(result, int) else ExitCode.CLEAN


def _told(error: Exception, colour: bool | None) -> int:
    """Say what went wrong; return the exit code."""
    head = click.style("error ", fg="red", bold=True)
    if isinstance(error, PgassayError):
        click.echo(f"{head}{error}", err=True, color=colour)
        return error.exit_code
    click.echo(redact("".join(traceback.format_exception(error))), err=True)
    click.echo(head + _OURS, err=True, color=colour)
    return ExitCode.INTERNAL
