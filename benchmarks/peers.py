"""What people fill PostgreSQL with: the same two tables by each of several ways.

dbseed is no dependency of pgassay: `pip install dbseed` (MIT) to have it measured, too.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import factory
import sqlalchemy as sa
from faker import Faker
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNTS = 1_000


class Base(DeclarativeBase):
    """The models of the two tables."""


class Account(Base):
    """Who owns; as many as `ACCOUNTS`."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)


class Asset(Base):
    """What is made by the hundred thousand: twelve columns, a key, four indexes."""

    __tablename__ = "asset"
    __table_args__ = (
        sa.CheckConstraint("size >= 0", name="size_not_negative"),
        sa.Index("asset_by_account", "account_id", "created_at"),
        sa.Index("asset_by_name", "name"),
        sa.Index("asset_by_status", "status"),
    )
    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str | None] = mapped_column(sa.Text)
    url: Mapped[str] = mapped_column(sa.String(1024))
    mime: Mapped[str] = mapped_column(sa.String(50))
    status: Mapped[str] = mapped_column(sa.String(20))
    size: Mapped[int]
    price: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))
    public: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


metadata = Base.metadata
_STATES = ("draft", "ready", "archived")
_fake = Faker()


class AssetFactory(factory.alchemy.SQLAlchemyModelFactory):  # type: ignore[misc] # untyped
    """One realistic asset."""

    class Meta:
        """Added to the session, flushed once at its end."""

        model = Asset

    account_id = factory.LazyFunction(lambda: random.randint(1, ACCOUNTS))  # noqa: S311 - content
    name = factory.Faker("sentence", nb_words=4)
    description = factory.Faker("paragraph")
    url = factory.Faker("url")
    mime = factory.Faker("mime_type")
    status = factory.Faker("random_element", elements=_STATES)
    size = factory.Faker("random_int", max=10_000_000)
    price = factory.Faker("pydecimal", left_digits=5, right_digits=2, positive=True)
    public = factory.Faker("pybool")
    created_at = factory.Faker("date_time", tzinfo=UTC)
    updated_at = factory.Faker("date_time", tzinfo=UTC)


def create_batch(session: Session, rows: int) -> None:
    """factory_boy, one transaction."""
    AssetFactory._meta.sqlalchemy_session = session  # noqa: SLF001 - how it is set at run time
    AssetFactory.create_batch(rows)


def insertmanyvalues(session: Session, rows: int) -> None:
    """Faker's values by SQLAlchemy's batched INSERT."""
    values = [AssetFactory.stub().__dict__ for _ in range(rows)]
    session.execute(sa.insert(Asset).returning(Asset.id), values)


def by_dbseed(session: Session, rows: int) -> None:
    """Objects by dbseed, added to the session."""
    import dbseed  # noqa: PLC0415 - may not be installed

    drawn: dict[str, Any] = {
        "account_id": lambda: random.randint(1, ACCOUNTS),  # noqa: S311 - content
        "status": lambda: random.choice(_STATES),  # noqa: S311 - content
        "price": lambda: Decimal(random.randint(0, 10**6)) / 100,  # noqa: S311 - content
        "mime": "image/png",
        "created_at": lambda: _fake.date_time(tzinfo=UTC),
        "updated_at": lambda: _fake.date_time(tzinfo=UTC),
    }
    session.add_all(dbseed.seed(Asset, dbseed.SeedConfig(count=rows, overrides=drawn)))


PEERS: dict[str, Callable[[Session, int], None]] = {
    "factory_boy create_batch": create_batch,
    "Faker, insertmanyvalues": insertmanyvalues,
    **({"dbseed, add_all": by_dbseed} if find_spec("dbseed") else {}),
}


def fill(url: str, peer: Callable[[Session, int], None], rows: int) -> int:
    """Fill the asset table by one way, in one transaction; return how many rows."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with Session(engine) as session:
        peer(session, rows)
        session.commit()
    return rows
