"""The history of pulse: every step back is real, and rows survive the steps that change them."""

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from pgassay.core.catalog import Catalog, Table
from pgassay.postgres.servers import Server, ServerDeclaration
from pgassay.postgres.servers.binaries import Binaries, find_embedded
from tests.projects.pulse.conftest import Configure, NewDatabase
from tests.projects.pulse.described import described, differences

pytestmark = pytest.mark.slow  # a minute; the gate holds the head, the night the history

Read = Callable[[str], Catalog]

PEOPLE = """
insert into users (id, "updatedAt") values ('u', now());
insert into workspaces (id, name, slug, "updatedAt") values ('w', 'w', 'w', now());
"""


CHANGES_ROWS_ONLY = {"0015"}


def without_order(catalog: Catalog) -> Catalog:
    """The catalog with its columns by name: a column that comes back comes back at the end."""

    def sorted_(table: Table) -> Table:
        columns = sorted(table.columns, key=lambda column: column.name)
        return replace(table, columns=tuple(replace(c, position=0) for c in columns))

    return replace(catalog, tables=tuple(map(sorted_, catalog.tables)))


class History:
    """One database that goes up and down."""

    def __init__(self, server: Server, database: str, alembic: Configure) -> None:
        self.server = server
        self.database = database
        self.config = alembic(database)

    def to(self, slug: str, *, before: bool = False) -> None:
        """Go to the revision of that name, or to the one before it."""
        revision = next(r for r in self.revisions() if r.path.endswith(f"_{slug}.py"))
        target = str(revision.down_revision) if before else revision.revision
        past = [r.revision for r in self.revisions()]
        with self.server.connect(self.database) as connection:
            found = connection.execute("select to_regclass('alembic_version')").fetchone()
            at = None
            if found and found[0]:
                row = connection.execute("select version_num from alembic_version").fetchone()
                at = row[0] if row else None
        down = at is not None and past.index(str(at)) > past.index(target)
        (command.downgrade if down else command.upgrade)(self.config, target)

    def revisions(self) -> list[Any]:
        return [*ScriptDirectory.from_config(self.config).walk_revisions()][::-1]

    def run(self, statements: str) -> None:
        with self.server.connect(self.database) as connection:
            connection.execute(statements)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.server.connect(self.database) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def history(server: Server, new_database: NewDatabase, alembic: Configure) -> History:
    return History(server, new_database(), alembic)


def test_autogenerate_finds_nothing_to_do(alembic: Configure, head: str):
    command.check(alembic(head))


def test_every_downgrade_leads_back_to_what_its_upgrade_found(history: History, catalog_of: Read):
    def found() -> Catalog:
        return without_order(catalog_of(history.database))

    empty = found()
    for revision in history.revisions():
        before = found()
        command.upgrade(history.config, revision.revision)
        after = found()
        assert after != before or revision.revision in CHANGES_ROWS_ONLY
        command.downgrade(history.config, "-1")
        assert found() == before, revision.path
        command.upgrade(history.config, revision.revision)
        assert found() == after, revision.path
    command.downgrade(history.config, "base")
    assert found() == empty


def test_the_sql_of_offline_mode_builds_what_the_facts_say(
    server: Server,
    new_database: NewDatabase,
    alembic: Configure,
    catalog_of: Read,
    facts: dict[str, Any],
):
    database = new_database()
    config = alembic(database)
    config.output_buffer = io.StringIO()
    command.upgrade(config, "head", sql=True)
    programs = find_embedded(ServerDeclaration())
    assert isinstance(programs, Binaries)
    subprocess.run(
        [programs.directory / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", server.url(database)],
        input=config.output_buffer.getvalue(),
        text=True,
        check=True,
        capture_output=True,
    )
    assert list(differences(facts, described(catalog_of(database)))) == []


def test_an_upgrade_waits_for_no_transaction_of_its_own_caller(
    server: Server, new_database: NewDatabase, alembic: Configure
):
    from alembic.util import CommandError
    from sqlalchemy import create_engine, pool, text

    database = new_database()
    engine = create_engine(
        server.url(database, scheme="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        connection.execute(text("select 1"))
        config = alembic(database)
        config.attributes["connection"] = connection
        with pytest.raises(CommandError, match="in a transaction"):
            command.upgrade(config, "head")


@pytest.fixture
def visits(history: History) -> History:
    history.to("split_ip_location_1_expand", before=True)
    history.run(
        """insert into visitor_sessions (id, "visitorId", "landingPage", "ipLocation") values
           ('both', 'v', '/', 'GB/Stoke-on-Trent'), ('slash', 'v', '/', 'FR/Paris/17'),
           ('country', 'v', '/', 'DE'), ('city', 'v', '/', '/Vaduz'), ('none', 'v', '/', null)"""
    )
    return history


PARTS = 'select id, "ipCountry", "ipCity" from visitor_sessions order by id'
WHOLE = 'select id, "ipLocation" from visitor_sessions order by id'
EARLIER = [
    ("both", "GB", "Stoke-on-Trent"),
    ("city", None, "Vaduz"),
    ("country", "DE", None),
    ("none", None, None),
    ("slash", "FR", "Paris/17"),
]


def test_a_split_location_keeps_every_country_and_city(visits: History):
    visits.to("split_ip_location_3_contract")
    assert visits.rows(PARTS) == EARLIER


def test_what_was_split_comes_together_again(visits: History):
    whole = visits.rows(WHOLE)
    visits.to("split_ip_location_3_contract")
    visits.to("split_ip_location_1_expand", before=True)
    assert visits.rows(WHOLE) == whole


def test_both_releases_write_between_expand_and_contract(visits: History):
    visits.to("split_ip_location_1_expand")
    visits.run(
        """insert into visitor_sessions (id, "visitorId", "landingPage", "ipLocation")
           values ('old', 'v', '/', 'ES/Cádiz');
           insert into visitor_sessions (id, "visitorId", "landingPage", "ipCountry", "ipCity")
           values ('new', 'v', '/', 'IT', 'Bari');
           update visitor_sessions set "ipLocation" = 'AT/Graz' where id = 'both';"""
    )
    assert visits.rows(
        """select id, "ipLocation", "ipCountry", "ipCity" from visitor_sessions
           where id in ('old', 'new', 'both') order by id"""
    ) == [
        ("both", "AT/Graz", "AT", "Graz"),
        ("new", "IT/Bari", "IT", "Bari"),
        ("old", "ES/Cádiz", "ES", "Cádiz"),
    ]
    visits.run("""update visitor_sessions set "ipCity" = 'Linz' where id = 'both'""")
    assert visits.rows("select \"ipLocation\" from visitor_sessions where id = 'both'") == [
        ("AT/Linz",)
    ]


def test_a_paused_box_is_stopped_by_the_downgrade(history: History):
    history.to("boxes_can_pause")
    history.run(
        """insert into users (id, "updatedAt") values ('u', now());
           insert into boxes (id, name, "userId", status, "updatedAt") values
           ('a', 'a', 'u', 'PAUSED', now()), ('b', 'b', 'u', 'RUNNING', now())"""
    )
    history.to("boxes_can_pause", before=True)
    history.run("""insert into boxes (id, name, "userId", "updatedAt")
                   values ('c', 'c', 'u', now())""")
    assert history.rows("select id, status::text from boxes order by id") == [
        ("a", "STOPPED"),
        ("b", "RUNNING"),
        ("c", "STOPPED"),
    ]


def test_actions_on_drafts_become_the_nearest_on_content(history: History):
    history.to("audit_relay_drafts")
    history.run(
        f"""{PEOPLE}
            insert into audit_logs (id, "userId", action) values
            ('a', 'u', 'RELAY_DRAFT_SEND'), ('b', 'u', 'USER_LOGIN');
            insert into workspace_audit_logs (id, "workspaceId", "userId", action)
            values ('c', 'w', 'u', 'RELAY_DRAFT_APPROVE')"""
    )
    history.to("audit_relay_drafts", before=True)
    assert history.rows(
        "select id, action::text from audit_logs"
        " union all select id, action::text from workspace_audit_logs order by 1"
    ) == [("a", "CONTENT_PUBLISH"), ("b", "USER_LOGIN"), ("c", "AI_APPROVAL")]


def test_messages_from_before_count_as_read_and_later_ones_do_not(history: History):
    history.to("mark_messages_as_read", before=True)
    history.run(
        """insert into users (id, "updatedAt") values ('u', now());
           insert into apps (id, name, "userId", "updatedAt") values ('p', 'p', 'u', now());
           insert into app_messages (id, "appId", role, content) values ('a', 'p', 'USER', 'x')"""
    )
    history.to("mark_messages_as_read")
    history.run(
        "insert into app_messages (id, \"appId\", role, content) values ('b','p','USER','')"
    )
    assert history.rows('select id, "isRead" from app_messages order by id') == [
        ("a", True),
        ("b", False),
    ]


def test_health_events_learn_the_workspace_of_their_account(history: History):
    history.to("give_health_events_a_workspace", before=True)
    history.run(
        f"""{PEOPLE}
            insert into social_accounts (id, platform, "accountId", "accountName",
                "accessTokenEncrypted", "userId", "workspaceId", "updatedAt")
            values ('s', 'TWITTER', '1', 'n', 't', 'u', 'w', now());
            insert into account_health_events
                (id, "accountId", "eventType", severity, "newStatus", "newScore", message)
            values ('e', 's', 'STATUS_CHANGED', 'INFO', 'HEALTHY', 1, 'm')"""
    )
    history.to("give_health_events_a_workspace")
    with pytest.raises(psycopg.errors.CheckViolation):
        history.run(
            """insert into account_health_events
                   (id, "accountId", "eventType", severity, "newStatus", "newScore", message)
               values ('f', 's', 'STATUS_CHANGED', 'INFO', 'HEALTHY', 1, 'm')"""
        )
    history.to("demand_the_workspace_of_health_events")
    assert history.rows('select id, "workspaceId" from account_health_events') == [("e", "w")]


def test_identities_that_are_gone_are_forgotten(history: History):
    history.to("tie_connections_to_identities", before=True)
    history.run(
        f"""{PEOPLE}
            insert into identities (id, "updatedAt") values ('i', now());
            insert into connections (id, "workspaceId", "identityId", "displayName", "updatedAt")
            values ('a', 'w', 'i', 'a', now()), ('b', 'w', 'gone', 'b', now())"""
    )
    history.to("tie_connections_to_identities")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        history.run("update connections set \"identityId\" = 'nobody' where id = 'a'")
    history.to("validate_identities_of_connections")
    assert history.rows('select id, "identityId" from connections order by id') == [
        ("a", "i"),
        ("b", None),
    ]


def test_a_team_that_is_larger_than_the_free_plan_keeps_its_seats(history: History):
    history.to("give_workspaces_a_plan", before=True)
    history.run(
        f"""{PEOPLE}
            insert into users (id, "updatedAt") values ('v', now());
            insert into workspaces (id, name, slug, "updatedAt") values ('x', 'x', 'x', now());
            insert into workspace_members (id, "workspaceId", "userId", "updatedAt") values
            ('1', 'w', 'u', now()), ('2', 'w', 'v', now()), ('3', 'x', 'u', now())"""
    )
    history.to("give_workspaces_a_plan")
    assert history.rows(
        'select id, "subscriptionTier"::text, "maxTeamMembers" from workspaces order by id'
    ) == [("w", "FREE", 2), ("x", "FREE", 1)]
