"""Inside the enclosure: Alembic's commands on the throwaway, and what the history looks like."""

from __future__ import annotations

import io
import os
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import alembic
from alembic import command, util
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import MetaData, NullPool, create_engine, text

from pgassay.core.codec import encode
from pgassay.core.errors import SchemaError
from pgassay.sqla.enclosure.census import inventory
from pgassay.sqla.enclosure.failures import cause_of, failing_step, failure_of, place_of
from pgassay.sqla.enclosure.guard import told
from pgassay.sqla.enclosure.handover import Attributes, in_the_right_thread
from pgassay.sqla.enclosure.interruption import Interruption
from pgassay.sqla.enclosure.preparing import prepare
from pgassay.sqla.enclosure.provision import provide
from pgassay.sqla.enclosure.scripts import Scripts, handed_out
from pgassay.sqla.enclosure.version_table import version_table
from pgassay.sqla.enclosure.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic.script import Script

    from pgassay.core.route import Target

# What people call the URL on the command line: `alembic -x url=…`.
_X_NAMES = ("url", "db_url", "dburl", "database_url", "sqlalchemy_url", "dsn", "uri")


class Migrations:
    """One Alembic environment of a project.

    Args:
        config: an ini file, or a pyproject.toml with `[tool.alembic]`.
        section: the ini file's section (`alembic -n`).
        arguments: further `-x` arguments, `name=value`.
        script: the script directory, as pgassay found it.
        extensions: created before an upgrade.
        baseline: the names of MetaData created before the first one.
        target: the throwaway.
        offer: the URL that env.py gets to see.
        root: the project's folder.
    """

    def __init__(
        self,
        *,
        config: Path,
        section: str,
        arguments: tuple[str, ...],
        script: Path,
        extensions: tuple[str, ...],
        baseline: tuple[str, ...],
        target: Target,
        offer: str,
        root: Path,
    ) -> None:
        self._file, self._section, self._arguments = config, section, arguments
        self._script, self._target, self._offer, self.root = script, target, offer, root
        self._extensions, self._baseline = extensions, baseline
        self._versions: dict[tuple[str | None, str], None] = {}
        self._promised: list[MetaData] = []
        self._folders: list[str] | None = None  # of revisions, once env.py was run
        self._attributes = Attributes(target)
        self._interruption: Interruption | None = None
        self._scripts = Scripts()
        self._record_configuration()

    def upgrade(self, revision: str) -> dict[str, object]:
        """Upgrade, and prove by the throwaway's own table that this is where it happened."""
        config, script = self._opened()
        wanted = None if _is_relative(revision) else self._reached(script, revision)
        self._provide()
        self._run(script, f"upgrade to {revision}", command.upgrade, config, revision)
        self._prove(wanted, revision)
        return {"versions": sorted(self._current()), "tables": self._tables()}

    def watched(self, revision: str, *, down: bool) -> dict[str, object]:
        """Do the same under watch; what goes wrong is told beside what was seen."""
        watching = Watching(self._target, self.root, self._script)
        error: dict[str, str | None] | None = None
        with watching.statements():
            try:
                (self.downgrade if down else self.upgrade)(revision)
            except SchemaError as failure:
                error = {
                    name: getattr(failure, name)
                    for name in ("found", "where", "expected", "why", "fix")
                }
        statements, seconds = watching.traces()
        return {
            "statements": [encode(one) for one in statements],
            "seconds": list(seconds),
            "error": error,
        }

    def downgrade(self, revision: str) -> dict[str, object]:
        """Downgrade, and prove it likewise."""
        config, script = self._opened()
        self._run(script, f"downgrade to {revision}", command.downgrade, config, revision)
        wanted = None if _is_relative(revision) else self._reached(script, revision)
        self._prove(wanted, revision)
        return {"versions": sorted(self._current()), "tables": self._tables()}

    def stepped(
        self, revision: str, *, down: bool, fail_at: int | None, gates: Mapping[int, int]
    ) -> dict[str, object]:
        """Upgrade or downgrade with stops; beside the usual, return the statements that ran."""
        if self._interruption is None:
            self._interruption = Interruption(self._target)
        self._interruption.begin(fail_at=fail_at, gates=gates)
        try:
            done = (self.downgrade if down else self.upgrade)(revision)
        finally:
            self._interruption.end()
        return {**done, "statements": self._interruption.statements}

    def provide(self) -> dict[str, object]:
        """Put in place what the first revision expects to be there."""
        self._provide()
        return {}

    def _provide(self) -> None:
        provide(self._target, self._extensions, self._baseline, self.root)

    def offline(self, revision: str, *, down: bool) -> dict[str, object]:
        """Return the SQL that `alembic … --sql` writes."""
        config, script = self._opened()
        config.output_buffer = buffer = io.StringIO()
        run = command.downgrade if down else command.upgrade
        self._run(script, f"the SQL of {revision}", run, config, revision, sql=True)
        return {"sql": buffer.getvalue()}

    def history(self) -> dict[str, object]:
        """Return all revisions from base to heads, and the heads."""
        _, script = self._opened()
        try:
            every = list(script.walk_revisions())
        except (RevisionError, util.CommandError, KeyError) as error:
            raise self._broken(error) from error
        revisions = [
            {
                "id": one.revision,
                "parents": _ids(one.down_revision),
                "message": _message(one),
                "path": told(one.path, self.root),
            }
            for one in reversed(every)
        ]
        return {"revisions": revisions, "heads": list(script.get_heads())}

    def prepare(self) -> dict[str, object]:
        """Read the revisions, and what env.py imports, for copies of this process."""
        return prepare(*self._opened(), self._target)

    def survey(self) -> dict[str, object]:
        """Return what env.py's target_metadata holds, and its version tables."""
        return {**inventory(self.promised(), self.root), "versions": self._tables()}

    def promised(self) -> list[MetaData]:
        """Return env.py's target_metadata; env.py is run for it, without any migration.

        No revision is read: they may import models that env.py leaves out, or change them.
        """
        config = self._configured()
        script = self._script_directory(config)
        # As `alembic current` does: no step, and the version table is left alone.
        with EnvironmentContext(config, script, fn=lambda *_: [], dont_mutate=True):
            self._run(script, "target_metadata", lambda _: script.run_env(), config)
        self._folders = script.version_locations or []
        return self._promised

    def _opened(self) -> tuple[Config, ScriptDirectory]:
        """Return a fresh configuration and its script directory, every revision read."""
        config = self._configured()
        script = self._scripts.known() or self._script_directory(config)
        try:
            heads = script.revision_map.heads  # reads every revision
        except Exception as error:
            raise self._broken(error) from error
        if not heads and self._folders is None:
            self.promised()  # env.py may say itself where the revisions are
            return self._opened()
        self._scripts.remember(script)
        return config, script

    def _configured(self) -> Config:
        """Return a fresh configuration, filled with the throwaway."""
        output = io.StringIO()
        options = Namespace(x=[f"{n}={self._offer}" for n in _X_NAMES] + list(self._arguments))
        if self._file.suffix == ".toml":
            config = self._from_toml(output, options)
        else:
            config = Config(self._file, ini_section=self._section, stdout=output, cmd_opts=options)
        config.set_main_option("script_location", str(self._script).replace("%", "%%"))
        config.set_main_option("sqlalchemy.url", self._offer.replace("%", "%%"))
        self._attributes.clear()  # a connection of its own for each command
        config.attributes = self._attributes
        return config

    def _script_directory(self, config: Config) -> ScriptDirectory:
        try:
            script = ScriptDirectory.from_config(config)
        except util.CommandError as error:
            raise SchemaError(
                str(error),
                where=f"{told(str(self._file), self.root)}: [{self._section}] script_location",
                expected="a folder with env.py and versions",
                fix="write it from the file's own folder: script_location = %(here)s/migrations",
            ) from error
        if self._folders:
            script.version_locations = self._folders
        return script

    def _from_toml(self, output: io.StringIO, options: Namespace) -> Config:
        try:
            return Config(toml_file=self._file, stdout=output, cmd_opts=options)
        except TypeError as error:
            raise SchemaError(
                f"Alembic {alembic.__version__} does not read pyproject.toml",
                where=told(str(self._file), self.root),
                expected="Alembic 1.16 or later, or an alembic.ini",
            ) from error

    def _broken(self, error: Exception) -> SchemaError:
        """Return the error for a history that cannot be read."""
        if isinstance(error, RevisionError | util.CommandError | KeyError):
            missing = isinstance(error, KeyError)  # what Alembic lets through of a lost parent
            said = f"no file has revision {error.args[0]}" if missing else cause_of(error)
            return SchemaError(
                f"the revisions do not form a history: {said}",
                where=told(str(self._file), self.root),
                expected="every down_revision names a revision that is there",
                fix="restore the missing file, or correct down_revision",
            )
        return failure_of(error, self.root, doing="reading the revisions", fix=None)

    def _reached(self, script: ScriptDirectory, revision: str) -> set[str]:
        """Return the ids that the version table holds once a revision is reached."""
        heads = script.get_heads()
        if not heads:
            raise SchemaError(
                "there is no revision",
                where=told(script.versions, self.root),
                expected="at least one migration",
                fix="alembic revision --autogenerate -m initial",
            )
        if revision in {"head", "heads"}:
            if revision == "head" and len(heads) > 1:
                raise self._several_heads(script, heads)
            return set(heads)
        try:
            found = script.get_revisions(revision)
        except (util.CommandError, RevisionError) as error:
            raise SchemaError(
                f'there is no revision "{revision}": {error}',
                where=told(script.versions, self.root),
                expected=", ".join(str(one.revision) for one in script.walk_revisions()),
            ) from error
        return {one.revision for one in found}

    def _several_heads(self, script: ScriptDirectory, heads: list[str]) -> SchemaError:
        lines = []
        for head in heads:
            one = script.get_revision(head)
            lines.append(f'{head} "{_message(one)}" ({told(one.path, self.root)})')
        return SchemaError(
            f"there are {len(heads)} heads:\n" + "\n".join(lines),
            where=told(script.versions, self.root),
            expected="one head",
            why="which order they run in is left to chance",
            fix=f"alembic merge -m merge {' '.join(heads)}",
        )

    def _run(
        self, script: ScriptDirectory, doing: str, run: Any, config: Config, *rest: Any, **more: Any
    ) -> None:
        """Run one of Alembic's commands; what goes wrong becomes a SchemaError."""
        self._versions.clear()
        folder = Path.cwd()

        def once() -> None:
            with handed_out(script):
                run(config, *rest, **more)

        try:
            try:
                in_the_right_thread(once)
            except Exception:
                if self._versions or not self._attributes.hand_over():
                    raise
                in_the_right_thread(once)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self._failure(error, script, doing) from error
        finally:
            os.chdir(folder)

    def _failure(self, error: BaseException, script: ScriptDirectory, doing: str) -> SchemaError:
        step = failing_step(error)
        if step is not None:
            one = step.revision
            where = place_of(error, self.root) or told(one.path, self.root)
            name = f'{one.revision} "{_message(one)}"'
            file = told(one.path, self.root)
            if not where.startswith(file):
                where = f"{file} (at {where})"
            verb = "upgrade" if step.is_upgrade else "downgrade"
            failure = failure_of(error, self.root, doing=f"the {verb} of {name}", fix=None)
            failure.where = where
            return failure
        failure = failure_of(error, self.root, doing=f"env.py ({doing})", fix=None)
        failure.where = failure.where or told(str(Path(script.dir) / "env.py"), self.root)
        return failure

    def _prove(self, wanted: set[str] | None, revision: str) -> None:
        """Hold the throwaway's version table against the revision that was asked for.

        None for a relative one: then only a version table is asked for.
        """
        env = told(str(self._file), self.root)
        if not self._versions:
            raise SchemaError(
                "env.py ran no migration: it never called context.configure()",
                where=env,
                expected=f"an upgrade to {revision}",
                fix="call context.configure(connection=…) and context.run_migrations()",
            )
        held = self._current()
        # Beside a branch that was asked for, others may stand where they are.
        if wanted is not None and not (wanted <= held if wanted else not held):
            raise SchemaError(
                f"after it ran, the throwaway holds {', '.join(sorted(held)) or 'no revision'}",
                where=env,
                expected=", ".join(sorted(wanted)) or "no revision",
                why="env.py migrated something else, ran nothing, or did not commit",
                fix="let env.py run context.run_migrations() within context.begin_transaction(), "
                "on the connection that it opens",
            )

    def _current(self) -> set[str]:
        engine = create_engine(self._target.url("psycopg"), poolclass=NullPool)
        held: set[str] = set()
        with engine.connect() as connection:
            for schema, table in self._versions:
                name = version_table(connection, schema, table)
                if name is not None:
                    held |= set(connection.scalars(text(f"SELECT version_num FROM {name.sql}")))
        return held

    def _tables(self) -> list[list[str]]:
        return [[schema or "", table] for schema, table in self._versions]

    def _record_configuration(self) -> None:
        """Note which version tables and metadata env.py asks for: only configure() knows them."""
        original = EnvironmentContext.configure
        noted, promised = self._versions, self._promised

        def configure(self: EnvironmentContext, *arguments: Any, **more: Any) -> None:
            original(self, *arguments, **more)
            context = self.get_context()
            noted[context.version_table_schema, context.version_table] = None
            given = context.opts.get("target_metadata")
            for one in given if isinstance(given, list | tuple | set) else [given]:
                if isinstance(one, MetaData) and one not in promised:
                    promised.append(one)

        EnvironmentContext.configure = configure  # type: ignore[method-assign]  # of this process


def _is_relative(revision: str) -> bool:
    return "@" in revision or "+" in revision or "-" in revision[:1]


def _ids(down: str | list[str] | tuple[str, ...] | None) -> list[str]:
    if down is None:
        return []
    return [down] if isinstance(down, str) else list(down)


def _message(script: Script) -> str:
    return " ".join((script.doc or "").split())
