"""Experiments: A/B tests and feature flags."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import Base, Created, Identified, Updated, database_enum, reference

if TYPE_CHECKING:
    from schema.pulse.analytics import VisitorSession


@database_enum
class AbTestStatus(StrEnum):
    """Where a test stands."""

    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    ARCHIVED = "ARCHIVED"


class AbTest(Identified, Created, Updated, Base):
    """A comparison of variants among visitors."""

    __tablename__ = "AbTest"

    name: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[AbTestStatus] = mapped_column(server_default=AbTestStatus.DRAFT, index=True)
    winnerVariantId: Mapped[str | None]
    significanceLevel: Mapped[float] = mapped_column(server_default=text("0.95"))

    variants: Mapped[list["AbTestVariant"]] = relationship(
        back_populates="abTest", passive_deletes="all"
    )


class AbTestVariant(Identified, Base):
    """One side of a test and its share of the visitors."""

    __tablename__ = "AbTestVariant"
    __table_args__ = (UniqueConstraint("abTestId", "name"),)

    abTestId: Mapped[str] = mapped_column(reference("AbTest.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    splitPercentage: Mapped[float]

    abTest: Mapped["AbTest"] = relationship(back_populates="variants")
    results: Mapped[list["AbTestResult"]] = relationship(
        back_populates="abTestVariant", passive_deletes="all"
    )


class AbTestResult(Identified, Created, Base):
    """Which variant a visit saw and whether it converted."""

    __tablename__ = "AbTestResult"

    visitorSessionId: Mapped[str] = mapped_column(
        reference("visitor_sessions.id", ondelete="CASCADE"), index=True
    )
    abTestVariantId: Mapped[str] = mapped_column(
        reference("AbTestVariant.id", ondelete="CASCADE"), index=True
    )
    converted: Mapped[bool] = mapped_column(server_default=false())

    visitorSession: Mapped["VisitorSession"] = relationship()
    abTestVariant: Mapped["AbTestVariant"] = relationship(back_populates="results")


class FeatureFlag(Identified, Created, Updated, Base):
    """A switch for a feature: for all, for some users, or for a share of them."""

    __tablename__ = "feature_flags"

    name: Mapped[str] = mapped_column(unique=True)
    isEnabled: Mapped[bool] = mapped_column(server_default=false())
    percentage: Mapped[int] = mapped_column(server_default=text("0"))
    enabledFor: Mapped[list[str]]
