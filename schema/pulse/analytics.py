"""Analytics: visits, what visitors did, and which campaign brought them."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    ADDED_LATER,
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User


@database_enum
class AttributionType(StrEnum):
    """How a conversion is shared among campaigns."""

    FIRST_TOUCH = "FIRST_TOUCH"
    LAST_TOUCH = "LAST_TOUCH"
    LINEAR = "LINEAR"


@database_enum
class ConversionType(StrEnum):
    """What counts as a conversion."""

    SIGNUP = "SIGNUP"
    ENHANCEMENT = "ENHANCEMENT"
    PURCHASE = "PURCHASE"


class VisitorSession(Identified, Base):
    """One visit, with where it came from."""

    __tablename__ = "visitor_sessions"

    visitorId: Mapped[str] = mapped_column(index=True)
    userId: Mapped[str | None] = mapped_column(
        reference("users.id", ondelete="SET NULL"), index=True
    )
    sessionStart: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)
    sessionEnd: Mapped[datetime | None]
    deviceType: Mapped[str | None]
    browser: Mapped[str | None]
    os: Mapped[str | None]
    ipCountry: Mapped[str | None] = mapped_column(sort_order=ADDED_LATER)
    ipCity: Mapped[str | None] = mapped_column(sort_order=ADDED_LATER)
    referrer: Mapped[str | None]
    landingPage: Mapped[str]
    exitPage: Mapped[str | None]
    pageViewCount: Mapped[int] = mapped_column(server_default=text("0"))
    utmSource: Mapped[str | None] = mapped_column(index=True)
    utmMedium: Mapped[str | None]
    utmCampaign: Mapped[str | None] = mapped_column(index=True)
    utmTerm: Mapped[str | None]
    utmContent: Mapped[str | None]
    gclid: Mapped[str | None] = mapped_column(index=True)
    fbclid: Mapped[str | None] = mapped_column(index=True)

    user: Mapped["User | None"] = relationship()
    pageViews: Mapped[list["PageView"]] = relationship(
        back_populates="session", passive_deletes="all"
    )
    analyticsEvents: Mapped[list["AnalyticsEvent"]] = relationship(
        back_populates="session", passive_deletes="all"
    )


class PageView(Identified, Base):
    """A page seen during a visit."""

    __tablename__ = "page_views"
    __table_args__ = (Index(None, "sessionId", "timestamp"),)

    sessionId: Mapped[str] = mapped_column(reference("visitor_sessions.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(index=True)
    title: Mapped[str | None]
    timestamp: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    timeOnPage: Mapped[int | None]
    scrollDepth: Mapped[int | None]

    session: Mapped["VisitorSession"] = relationship(back_populates="pageViews")


class AnalyticsEvent(Identified, Base):
    """Something counted during a visit."""

    __tablename__ = "analytics_events"
    __table_args__ = (Index(None, "sessionId", "timestamp"),)

    sessionId: Mapped[str] = mapped_column(reference("visitor_sessions.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(index=True)
    category: Mapped[str | None] = mapped_column(index=True)
    value: Mapped[float | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    timestamp: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)

    session: Mapped["VisitorSession"] = relationship(back_populates="analyticsEvents")


class CampaignAttribution(Identified, Base):
    """A share of a conversion given to a campaign."""

    __tablename__ = "campaign_attributions"

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    sessionId: Mapped[str]
    conversionId: Mapped[str] = mapped_column(index=True)
    attributionType: Mapped[AttributionType] = mapped_column(index=True)
    platform: Mapped[str | None]
    externalCampaignId: Mapped[str | None] = mapped_column(index=True)
    utmCampaign: Mapped[str | None] = mapped_column(index=True)
    utmSource: Mapped[str | None]
    utmMedium: Mapped[str | None]
    conversionType: Mapped[ConversionType] = mapped_column(index=True)
    conversionValue: Mapped[float | None]
    convertedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)

    user: Mapped["User"] = relationship()


class CampaignMetricsCache(Identified, Base):
    """Figures of a campaign, computed once and kept for a while."""

    __tablename__ = "campaign_metrics_cache"
    __table_args__ = (Index(None, "cacheKey"),)

    cacheKey: Mapped[str] = mapped_column(unique=True)
    metrics: Mapped[JsonObject]
    computedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)
    expiresAt: Mapped[datetime] = mapped_column(index=True)


class CampaignLink(Identified, Created, Updated, Base):
    """Which outside campaign a UTM name stands for."""

    __tablename__ = "campaign_links"
    __table_args__ = (UniqueConstraint("utmCampaign", "platform"),)

    utmCampaign: Mapped[str]
    platform: Mapped[str] = mapped_column(index=True)
    externalCampaignId: Mapped[str] = mapped_column(index=True)
    externalCampaignName: Mapped[str | None]


class TrackedUrl(Identified, Created, Updated, Base):
    """A page of the site that is watched."""

    __tablename__ = "tracked_urls"

    path: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str | None]
    isActive: Mapped[bool] = mapped_column(server_default=true(), index=True)
    createdById: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))

    createdBy: Mapped["User"] = relationship()
