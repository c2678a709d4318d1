"""Campaigns: briefs written here, and the advertising accounts they run in."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
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
class MarketingPlatform(StrEnum):
    """An advertising platform that can be connected."""

    FACEBOOK = "FACEBOOK"
    GOOGLE_ADS = "GOOGLE_ADS"


@database_enum
class ObjectiveType(StrEnum):
    """What a campaign is to bring about."""

    AWARENESS = "AWARENESS"
    ENGAGEMENT = "ENGAGEMENT"
    CONVERSION = "CONVERSION"
    RETENTION = "RETENTION"
    ADVOCACY = "ADVOCACY"


class CampaignBrief(Identified, Created, Updated, Base):
    """What a campaign is to reach and with whom."""

    __tablename__ = "campaign_briefs"

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    targetAudience: Mapped[JsonObject]
    campaignObjectives: Mapped[JsonObject]
    status: Mapped[str] = mapped_column(server_default="DRAFT")

    user: Mapped["User"] = relationship()
    audience: Mapped["CampaignTargetAudience | None"] = relationship(
        back_populates="brief", passive_deletes="all"
    )
    objectives: Mapped[list["CampaignObjective"]] = relationship(
        back_populates="brief", passive_deletes="all"
    )


class CampaignTargetAudience(Identified, Created, Updated, Base):
    """The people a brief is written for, one description each."""

    __tablename__ = "campaign_target_audiences"

    briefId: Mapped[str] = mapped_column(
        reference("campaign_briefs.id", ondelete="CASCADE"), unique=True
    )
    ageMin: Mapped[int | None]
    ageMax: Mapped[int | None]
    genders: Mapped[list[str]]
    locations: Mapped[list[str]]
    interests: Mapped[list[str]]
    behaviors: Mapped[list[str]]

    brief: Mapped["CampaignBrief"] = relationship(back_populates="audience")


class CampaignObjective(Identified, Created, Updated, Base):
    """One measurable aim of a brief."""

    __tablename__ = "campaign_objectives"

    briefId: Mapped[str] = mapped_column(
        reference("campaign_briefs.id", ondelete="CASCADE"), index=True
    )
    type: Mapped[ObjectiveType]
    metric: Mapped[str]
    targetValue: Mapped[float | None]
    deadline: Mapped[datetime | None]
    priority: Mapped[int] = mapped_column(server_default=text("0"))

    brief: Mapped["CampaignBrief"] = relationship(back_populates="objectives")


class MarketingAccount(Identified, Created, Updated, Base):
    """A user's account at an advertising platform."""

    __tablename__ = "marketing_accounts"
    __table_args__ = (UniqueConstraint("userId", "platform", "accountId"),)

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    platform: Mapped[MarketingPlatform] = mapped_column(index=True)
    accountId: Mapped[str]
    accountName: Mapped[str | None]
    accessToken: Mapped[str]
    refreshToken: Mapped[str | None]
    expiresAt: Mapped[datetime | None]
    isActive: Mapped[bool] = mapped_column(server_default=true())

    user: Mapped["User"] = relationship()
    googleAdsCampaigns: Mapped[list["GoogleAdsCampaign"]] = relationship(
        back_populates="marketingAccount", passive_deletes="all"
    )


class GoogleAdsCampaign(Identified, Created, Updated, Base):
    """A campaign as Google Ads reports it."""

    __tablename__ = "google_ads_campaigns"

    marketingAccountId: Mapped[str] = mapped_column(
        reference("marketing_accounts.id", ondelete="CASCADE"), index=True
    )
    campaignId: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    status: Mapped[str]
    spend: Mapped[int] = mapped_column(server_default=text("0"))

    marketingAccount: Mapped["MarketingAccount"] = relationship(back_populates="googleAdsCampaigns")
