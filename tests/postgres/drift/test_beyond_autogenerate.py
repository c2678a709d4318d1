"""What Alembic's own autogenerate does not see is seen: its answer and ours, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql

from pgassay.drift.compare import compare
from pgassay.drift.policy import DriftPolicy
from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.postgres.servers import Server

MODELS = sa.MetaData()
USERS = sa.Table(
    "users",
    MODELS,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(255), nullable=False, comment="sensitive"),
    sa.Column("credit", sa.Numeric(10, 2), server_default=sa.text("0")),
    sa.Column("status", postgresql.ENUM("open", "paid", "sent", name="status")),
    sa.Column("doc", postgresql.JSONB),
    sa.CheckConstraint("credit >= 0", name="ck_credit"),
    sa.Index("ix_email", "email", postgresql_where=sa.text("credit > 0")),
    sa.Index("ix_ops", "email", postgresql_ops={"email": "varchar_pattern_ops"}),
    comment="who they are",
)
sa.Table(
    "orders",
    MODELS,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "user_id",
        sa.Integer,
        sa.ForeignKey("users.id", name="fk_user", ondelete="CASCADE", deferrable=True),
    ),
    sa.Column("total", sa.Integer, sa.Computed("id * 2")),
)
sa.Table(
    "events",
    MODELS,
    sa.Column("at", sa.DateTime, primary_key=True),
    postgresql_partition_by="RANGE (at)",
)
PROGRAMS = """
create function touch() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before update on users for each row execute function touch();
create table events_default partition of events default;
"""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What was built otherwise, what drift calls it, and whether autogenerate sees it as well."""

    sql: str
    kind: str
    seen_by_alembic: bool = False


FAULTS = {
    "CHECK text": Fault(
        sql="alter table users drop constraint ck_credit, "
        "add constraint ck_credit check (credit > 0)",
        kind="check expression",
    ),
    "CHECK lost": Fault(sql="alter table users drop constraint ck_credit", kind="check missing"),
    "index predicate": Fault(
        sql="drop index ix_email; create index ix_email on users (email) where credit > 1",
        kind="index predicate",
    ),
    "operator class": Fault(
        sql="drop index ix_ops; create index ix_ops on users (email)", kind="index keys"
    ),
    "index method": Fault(
        sql="drop index ix_ops; "
        "create index ix_ops on users using hash (email varchar_pattern_ops)",
        kind="index method",
    ),
    "partitioning": Fault(
        sql="drop table events; create table events (at timestamp primary key)",
        kind="table partition key",
    ),
    "default partition": Fault(sql="drop table events_default", kind="partition missing"),
    "trigger": Fault(sql="drop trigger touch on users", kind="trigger missing"),
    "trigger state": Fault(sql="alter table users disable trigger touch", kind="trigger state"),
    "function": Fault(
        sql="create or replace function touch() returns trigger language plpgsql as "
        "'begin return old; end'",
        kind="function definition",
    ),
    "enum order": Fault(
        sql="alter table users alter status type text; drop type status; "
        "create type status as enum ('paid', 'open', 'sent'); "
        "alter table users alter status type status using status::status",
        kind="enum labels",
    ),
    "enum value": Fault(sql="alter type status add value 'lost'", kind="enum labels"),
    "default": Fault(
        sql="alter table users alter credit set default 1",
        kind="column default",
        seen_by_alembic=True,
    ),
    "default lost": Fault(
        sql="alter table users alter credit drop default",
        kind="column default",
        seen_by_alembic=True,
    ),
    "generation expression": Fault(
        sql="alter table orders drop total; "
        "alter table orders add total integer generated always as (id * 3) stored",
        kind="column generation expression",
    ),
    "key not valid": Fault(
        sql="alter table orders drop constraint fk_user, add constraint fk_user "
        "foreign key (user_id) references users on delete cascade deferrable not valid",
        kind="foreign key validation",
    ),
    "right": Fault(sql="grant select on users to public", kind="grant PUBLIC"),
    "row security": Fault(
        sql="alter table users enable row level security", kind="table row security"
    ),
    "referential action": Fault(
        sql="alter table orders drop constraint fk_user, add constraint fk_user "
        "foreign key (user_id) references users on delete set null deferrable",
        kind="foreign key on delete",
        seen_by_alembic=True,
    ),
    "comment": Fault(
        sql="comment on column users.email is 'public'",
        kind="column comment",
        seen_by_alembic=True,
    ),
}


@pytest.fixture(scope="module")
def engine(server: Callable[[int], Server]) -> sa.Engine:
    server(18).create_database("models")
    url = server(18).url("models", scheme="postgresql+psycopg")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        MODELS.create_all(connection)
        connection.exec_driver_sql(PROGRAMS)
    return engine


# Autogenerate warns of a changed generation expression, and proposes nothing.
@pytest.mark.filterwarnings("ignore:Computed default")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen_whether_autogenerate_sees_it_or_not(fault: str, engine: sa.Engine) -> None:
    planted = FAULTS[fault]
    with engine.connect() as connection, connection.begin() as transaction:
        raw = connection.connection.dbapi_connection
        promised = read_catalog(raw)
        assert autogenerated(connection) == []
        connection.exec_driver_sql(planted.sql)
        built = read_catalog(raw)

        assert bool(autogenerated(connection)) is planted.seen_by_alembic
        transaction.rollback()
    engine.dispose()

    found = compare(
        promised,
        built,
        fixpoint=None,
        promised_by="models",
        built_by="migrations",
        policy=DriftPolicy(),
    )

    assert planted.kind in {f.discriminator.partition(":")[0] for f in found}
    assert (
        compare(
            promised,
            promised,
            fixpoint=None,
            promised_by="models",
            built_by="migrations",
            policy=DriftPolicy(),
        )
        == ()
    )


def autogenerated(connection: sa.Connection) -> list[object]:
    """Return what autogenerate would put into a migration, with everything it can compare."""
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "compare_server_default": True,
            "include_object": lambda _o, name, *_: name != "events_default",
        },
    )
    return list(compare_metadata(context, MODELS))
