"""A stranger's migrations and models, tried on a throwaway: what they build, need and are called.

Nothing is asked of a person that a trial can answer: which extension brings a missing type, from
which folder the code runs, under which name the models' MetaData can be imported.
"""

from __future__ import annotations

import os
import re
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError
from pgassay.postgres.extensions import installed, provider_of
from pgassay.postgres.servers import ServerDeclaration, open_server
from pgassay.run.adoption.models import Models, Promise
from pgassay.run.adoption.places import homes_of
from pgassay.run.routes import target_of
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.metadata_route import MetadataRoute

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.route import Target
    from pgassay.postgres.servers import Server
    from pgassay.run.adoption.places import AlembicPlace
    from pgassay.sqla.alembic_route import Survey

_MISSING_OBJECT = re.compile(
    r"(?:type|function|operator class|access method|text search dictionary) "
    r'"?(?:[\w$]+\.)?(?P<name>[\w$]+)"?(?:\(.*?\))? does not exist.*\(SQLSTATE 42(?:704|883)\)'
)
_MISSING_TABLE = re.compile(
    r'relation "(?:[\w$]+\.)?(?P<name>[^"]+)" does not exist \(SQLSTATE 42P01\)'
)
_MISSING_EXTENSION = re.compile(r'extension "(?P<name>[^"]+)" is not available')
_MISSING_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?P<name>\w+)")
_MISSING_VARIABLE = re.compile(r'environment = \["(?P<name>\w+)=')
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.deptype = 'e'
                      AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid)
    ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person gave or a file said before anything was tried.

    Args:
        root: the folder of pyproject.toml.
        place: the Alembic environment.
        server: which server, as `--server` takes it.
        postgres: the major version, if one is wanted.
        environment: declared variables, see `pgassay.sqla.environment`.
    """

    root: Path
    place: AlembicPlace
    server: str
    postgres: int | None = None
    environment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What the trial found.

    Args:
        asked: what it set out from.
        code: the folder in which the code runs, if it is not the root.
        revision: what to upgrade to.
        revisions: how many there are.
        baseline: the models whose tables are there before the first of them.
        built: the tables that the migrations build, without their bookkeeping: `schema.name`.
        failure: why the migrations build nothing; None where they do.
        promise: the models; None where there are none that can be used.
        refused: the models that PostgreSQL does not take, as the configuration would name them.
        extensions: what has to be there before a route runs.
        bookkeeping: version tables that env.py does not name in plain text.
        environment: declared variables.
        server: version and origin of the server, in words.
        seconds: how long the upgrade took.
        refusal: why the models cannot be created.
    """

    asked: Asked
    server: str
    code: Path | None = None
    revision: str = "head"
    revisions: int = 0
    baseline: str | None = None
    built: tuple[str, ...] = ()
    failure: SchemaError | None = None
    promise: Promise | None = None
    refused: str | None = None
    extensions: tuple[str, ...] = ()
    bookkeeping: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    seconds: float = 0.0
    refusal: SchemaError | None = None


def attempt(asked: Asked) -> Adoption:
    """Try an Alembic environment and the models that belong to it.

    Raises:
        SchemaError: env.py cannot be run, in a way that nothing here can mend.
        MachineError: no server can be had, or none has an extension that is needed.
    """
    needed: tuple[str, ...] = ()
    while True:
        declaration = ServerDeclaration(postgres=asked.postgres, extensions=needed)
        with closing(open_server(asked.server, declaration)) as server:
            try:
                return _Trial(server, asked, needed).run()
            except SchemaError as error:
                lacking = _MISSING_EXTENSION.search(error.found)
                if lacking is None or lacking["name"] in needed:
                    raise
                needed = (*needed, lacking["name"])  # another server may have it


class _Trial:
    """One server, and what is learnt on it try by try."""

    def __init__(self, server: Server, asked: Asked, extensions: tuple[str, ...]) -> None:
        self._server, self._asked = server, asked
        self._numbers = count(1)
        self._homes: dict[str, list[Path]] = {}
        self._missing: dict[str, SchemaError] = {}
        self._route = AlembicRoute(
            config=asked.place.config,
            section=asked.place.section,
            root=asked.root,
            environment=asked.environment,
            extensions=extensions,
        )

    def run(self) -> Adoption:
        """Try until nothing can be mended any more."""
        while True:
            target = self._database()
            try:
                if adoption := self._once(target):
                    return adoption
            except SchemaError as error:
                if not self._mended(error, target):
                    raise _in_words_of_init(self._first(error)) from error

    def _once(self, target: Target) -> Adoption | None:
        """Upgrade and look; None if the next try sets out from something else."""
        with self._route.open(target) as history:
            survey = history.survey()
            heads, revisions = history.heads(), history.revisions()
            self._route = replace(self._route, revision="heads" if len(heads) > 1 else "head")
            started = perf_counter()
            failure = None
            try:
                history.attempt(self._route.revision)
            except SchemaError as error:
                if self._can_be_mended(error) or "SQLSTATE" not in error.found:
                    raise
                failure = error
                if self._route.baseline is None and self._has_baseline(error, survey):
                    return None
            seconds = perf_counter() - started
        known = {*survey.known_tables}
        built = self._built(target, {*survey.version_tables})
        promise, refusal = self._promise(survey, built)
        assert self._route.root is not None
        return Adoption(
            asked=self._asked,
            server=f"PostgreSQL {self._server.version}, {self._server.why}",
            code=None if self._route.root == self._asked.root else self._route.root,
            revision=self._route.revision,
            revisions=len(revisions),
            baseline=self._route.baseline,
            built=() if failure else built,
            failure=failure,
            promise=None if refusal else promise,
            refused=promise.metadata if promise and refusal else None,
            extensions=tuple(sorted({*self._route.extensions, *self._installed(target)})),
            bookkeeping=tuple(f"{s}.{t}" for s, t in survey.version_tables if (s, t) not in known),
            environment=self._route.environment,
            seconds=seconds,
            refusal=refusal,
        )

    def _promise(
        self, survey: Survey, built: tuple[str, ...]
    ) -> tuple[Promise | None, SchemaError | None]:
        """Find the models, and see whether the server takes them."""
        promise = Models(self._route, self._database).promise(survey.metadata, built)
        while promise is not None:
            route = MetadataRoute(
                metadata=promise.metadata,
                root=self._route.root or self._asked.root,
                extensions=self._route.extensions,
                environment=self._route.environment,
                alembic=self._route,
            )
            target = self._database()
            try:
                route.build(target)
            except SchemaError as error:
                if not self._mended(error, target):
                    return promise, error
            else:
                return promise, None
        return None, None

    def _has_baseline(self, error: SchemaError, survey: Survey) -> bool:
        """Look for models of which the history expects the tables, and try them."""
        lacking = _MISSING_TABLE.search(error.found)
        if lacking is None:
            return False
        models = Models(self._route, self._database)
        for names in models.baselines(lacking["name"], survey.metadata):
            route = replace(self._route, baseline=names)
            with suppress(SchemaError), route.open(self._database()) as history:
                history.attempt(route.revision)
                self._route = route
                return True
        return False

    def _can_be_mended(self, error: SchemaError) -> bool:
        patterns = (_MISSING_OBJECT, _MISSING_EXTENSION, _MISSING_MODULE)
        return any(pattern.search(error.found) for pattern in patterns)

    def _mended(self, error: SchemaError, target: Target) -> bool:
        """Change what the next try sets out from; False if there is nothing left to change."""
        route = self._route
        if lacking := _MISSING_OBJECT.search(error.found):
            with self._server.connect(target.dbname) as connection:
                name = provider_of(connection, lacking["name"])
            if name is None or name in route.extensions:
                return False
            self._route = replace(route, extensions=(*route.extensions, name))
            return True
        if lacking := _MISSING_MODULE.search(error.found):
            return self._moved(lacking["name"], error)
        if lacking := _MISSING_VARIABLE.search(error.fix or ""):
            name = lacking["name"]
            if name not in os.environ or name in route.environment:
                return False
            self._route = replace(route, environment=(*route.environment, name))
            return True
        return False

    def _moved(self, module: str, error: SchemaError) -> bool:
        """Let the code run in the next folder from which a module can be imported."""
        if module not in self._homes:
            self._homes[module] = homes_of(module, self._asked.root)
            self._missing[module] = error
        if not self._homes[module]:
            return False
        self._route = replace(self._route, root=self._homes[module].pop(0))
        return True

    def _first(self, error: SchemaError) -> SchemaError:
        """Return what was said of a missing module before other folders were tried for it."""
        lacking = _MISSING_MODULE.search(error.found)
        return self._missing.get(lacking["name"], error) if lacking else error

    def _database(self) -> Target:
        name = self._server.create_database(f"init_{next(self._numbers)}")
        return target_of(self._server, name)

    def _installed(self, target: Target) -> list[str]:
        with self._server.connect(target.dbname) as connection:
            return installed(connection)

    def _built(self, target: Target, own: set[tuple[str, str]]) -> tuple[str, ...]:
        with self._server.connect(target.dbname) as connection:
            rows = connection.execute(_TABLES).fetchall()
        return tuple(f"{s}.{t}" for s, t in rows if (s, t) not in own)


def _in_words_of_init(error: SchemaError) -> SchemaError:
    """Say it as it is written on the command line; there is no configuration yet."""
    if lacking := _MISSING_VARIABLE.search(error.fix or ""):
        name = lacking["name"]
        error.fix = (
            f"pgassay init --env '{name}={{url}}' fills in the throwaway's URL, "
            f"--env {name}=VALUE any other value; --env {name} takes your own"
        )
    return error
