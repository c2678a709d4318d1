"""Whatever env.py does to find its database, it finds the throwaway, and nothing else."""

import time
from pathlib import Path

import psycopg
import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.route import Target
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.enclosure.process import Enclosure
from pgassay.sqla.metadata_route import MetadataRoute
from tests.postgres.routes.project import copy_of_shop, names_in
from tests.postgres.routes.throwaway import Decoy, Server

DECLARED = {"own_variable": ("SHOP_HOME={url}",)}


def tables(target: Target) -> list[tuple[str, ...]]:
    with psycopg.connect(target.conninfo()) as connection:
        return connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema "
            "NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
        ).fetchall()


SHOP_TABLES = [("Shop-Ä", 'line "of" it'), ("Shop-Ä", "order")]
VERSIONS = {"own_version_table": ("Own", "applied Revisions")}


@pytest.mark.parametrize("tcp", [False, True], ids=["socket", "tcp"])
@pytest.mark.parametrize("name", names_in("env"))
def test_env_reaches_the_throwaway(
    name: str, tcp: bool, tmp_path: Path, server: Server, decoy: Decoy
) -> None:
    root = copy_of_shop(tmp_path, f"env/{name}", decoy.variables())
    route = AlembicRoute(config=root / "alembic.ini", environment=DECLARED.get(name, ()))
    target = server.create(tcp=tcp)

    route.build(target)

    version = VERSIONS.get(name, ("public", "alembic_version"))
    assert [(own.schema, own.name) for own in route.bookkeeping] == [version]
    assert tables(target) == sorted([*SHOP_TABLES, version])


HOSTILE = {
    "raw_psycopg": "psycopg was asked to connect to 127.0.0.1 port {port}",
    "raw_psycopg_socket": "psycopg was asked to connect to {socket} port {port}",
    "raw_psycopg_same_server": 'database "postgres"; refused before it opened',
    "raw_psycopg_async": "psycopg was asked to connect to 127.0.0.1 port {port}",
    "raw_pgconn": "psycopg was asked to connect to 127.0.0.1 port {port}",
    "c_pgconn": "asked for 127.0.0.1:{port}",
    "raw_asyncpg": "asyncpg was asked to connect to 127.0.0.1 port {port}",
    "raw_pg8000": "pg8000 was asked to connect to 127.0.0.1 port {port}",
    "environment_overruled": "psycopg was asked to connect to 127.0.0.1 port {port}",
    "hostaddr": "psycopg was asked to connect to",
    "service_file": 'psycopg was asked to connect to the service "real"',
    "engine_and_thread": "psycopg was asked to connect to 127.0.0.1 port {port}",
    "async_and_program": "asked for 127.0.0.1:{port}",
    "program_psql": "psql tried to connect to 127.0.0.1:{port}; refused before it opened",
    "spawned_process": "asked for 127.0.0.1:{port}",
    "forked_process": "psycopg was asked to connect to 127.0.0.1 port {port}",
    "foreign_library": "asked for 127.0.0.1:{port}",
    "plain_socket": "env.py:5 asked for 127.0.0.1:{listener}",
    "sqlite_fallback": "an engine for sqlite was used; refused before it opened",
    "creates_database": "refused: CREATE DATABASE shop_of_my_own",
    "ran_nothing": "after it ran, the throwaway holds no revision",
    "never_configured": "env.py ran no migration",
    "rolls_back": "after it ran, the throwaway holds no revision",
}


@pytest.mark.parametrize(
    ("name", "tcp"),
    [
        *((name, False) for name in names_in("hostile")),
        *((name, True) for name in ("raw_psycopg", "raw_asyncpg", "hostaddr", "async_and_program")),
    ],
)
def test_env_that_reaches_elsewhere_is_refused(
    name: str, tcp: bool, tmp_path: Path, server: Server, decoy: Decoy
) -> None:
    root = copy_of_shop(tmp_path, f"hostile/{name}", decoy.variables())
    route = AlembicRoute(config=root / "alembic.ini")
    databases = server.databases()
    target = server.create(tcp=tcp)

    with pytest.raises(SchemaError) as refused:
        route.build(target)

    told = str(refused.value)
    expected = HOSTILE[name].format(
        port=decoy.server.port, socket=decoy.server.folder, listener=decoy.port
    )
    assert expected in told
    assert decoy.server.password not in told
    assert server.databases() == databases | {target.dbname}


WITHOUT_KERNEL = {
    "async_and_program": "subprocess.Popen",
    "program_psql": "os.system",
    "spawned_process": "a process",
    "foreign_library": "ctypes.dlopen",
    "raw_asyncpg": "asyncpg was asked to connect",
    "engine_and_thread": "psycopg was asked to connect",
}


@pytest.mark.parametrize("name", WITHOUT_KERNEL)
def test_where_the_kernel_cannot_be_asked_programs_are_refused_as_they_start(
    name: str, tmp_path: Path, target: Target, decoy: Decoy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Enclosure, "kernel", False)
    root = copy_of_shop(tmp_path, f"hostile/{name}", decoy.variables())

    with pytest.raises(SchemaError) as refused:
        AlembicRoute(config=root / "alembic.ini").build(target)

    assert WITHOUT_KERNEL[name] in refused.value.found
    assert decoy.server.password not in str(refused.value)


def test_the_refusal_names_the_line_that_asked(
    tmp_path: Path, target: Target, decoy: Decoy
) -> None:
    root = copy_of_shop(tmp_path, "hostile/raw_psycopg", decoy.variables())

    with pytest.raises(SchemaError) as refused:
        AlembicRoute(config=root / "alembic.ini").build(target)

    assert refused.value.where == "migrations/env.py:9"
    assert "would change a real one" in (refused.value.why or "")


def test_models_that_connect_as_they_are_imported_are_refused(
    tmp_path: Path, target: Target, decoy: Decoy
) -> None:
    root = copy_of_shop(tmp_path, "env/ini_url", decoy.variables())
    with (root / "models.py").open("a") as models:
        models.write(f"\nimport psycopg\npsycopg.connect('host=127.0.0.1 port={decoy.port}')\n")

    with pytest.raises(SchemaError, match="psycopg was asked to connect") as refused:
        MetadataRoute(metadata="models:Base", root=root).build(target)

    assert refused.value.where == "models.py:21"


def test_variables_of_the_caller_lead_nowhere_else(
    tmp_path: Path, target: Target, decoy: Decoy, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql://postgres:{decoy.server.password}@127.0.0.1:{decoy.server.port}/postgres"
    for name in ("DATABASE_URL", "SHOP_DATABASE_URL", "SHOP_HOME", "PGSERVICE"):
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(decoy.server.port))
    monkeypatch.delenv("PGSERVICE")
    root = copy_of_shop(tmp_path, "env/own_variable", decoy.variables())

    AlembicRoute(config=root / "alembic.ini", environment=("SHOP_HOME",)).build(target)

    assert set(SHOP_TABLES) < set(tables(target))


def test_the_decoy_notices_a_visitor(decoy_server: tuple[Server, object, list[object]]) -> None:
    """The proof that the tests of this file can fail."""
    server = decoy_server[0]
    before = server.connections()

    with psycopg.connect(server.target("postgres").conninfo()):
        pass
    time.sleep(0.05)

    assert server.connections() == before + 1


def test_every_hostile_project_has_its_verdict() -> None:
    assert sorted(HOSTILE) == names_in("hostile")
