"""Generation: what users ask the AI models for, and what came of it."""

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import (
    JSON,
    Base,
    Created,
    Identified,
    JsonArray,
    JsonObject,
    Updated,
)

if TYPE_CHECKING:
    from schema.creativeflow.ai_models import AIModelFeedback
    from schema.creativeflow.assets import Asset
    from schema.creativeflow.billing import CreditTransaction, UsageLog
    from schema.creativeflow.identity import User
    from schema.creativeflow.workspace import Project


def _asset_of_request() -> ForeignKey:
    """Half of the cycle with assets: added after both tables, and deferrable to write both rows."""
    return ForeignKey(
        "assets.id",
        ondelete="SET NULL",
        onupdate="CASCADE",
        deferrable=True,
        initially="IMMEDIATE",
        use_alter=True,
    )


class GenerationRequest(Identified, Created, Updated, Base):
    """One request to generate something, from prompt to finished asset."""

    __tablename__ = "generation_requests"
    __table_args__ = (
        UniqueConstraint("selected_sample_id"),
        UniqueConstraint("final_asset_id"),
        CheckConstraint(
            "status IN ('Pending', 'Processing', 'Completed', 'Failed')", name="status"
        ),
        CheckConstraint("credits_cost_sample >= 0", name="credits_cost_sample"),
        CheckConstraint("credits_cost_final >= 0", name="credits_cost_final"),
        Index("idx_generationrequest_userid", "user_id"),
        Index("idx_generationrequest_projectid", "project_id"),
        Index("idx_generationrequest_status_createdat", "status", "created_at"),
        Index(None, "created_at"),
        {"comment": "Requests to the AI models, with their inputs, state and cost."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"),
        comment="Who asked; such an account is marked as deleted, never removed.",
    )
    project_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("projects.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Project it was asked for; NULL once that is gone, the history stays.",
    )
    input_prompt: Mapped[str] = mapped_column(
        Text, comment="What the user asked for, in the user's words. [personal]"
    )
    style_guidance: Mapped[str | None] = mapped_column(
        Text, comment="Wishes about style, in words."
    )
    input_parameters: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Parameters handed to the model, free form."
    )
    status: Mapped[str] = mapped_column(
        String(50), server_default="Pending", comment="How far the request has come."
    )
    error_message: Mapped[str | None] = mapped_column(Text, comment="Why it failed, if it did.")
    sample_assets: Mapped[JsonArray | None] = mapped_column(
        JSON, comment="List of the samples offered, by asset id."
    )
    selected_sample_id: Mapped[UUID | None] = mapped_column(
        _asset_of_request(), comment="Sample that the user chose."
    )
    final_asset_id: Mapped[UUID | None] = mapped_column(
        _asset_of_request(), comment="Finished asset that came of it."
    )
    credits_cost_sample: Mapped[Decimal | None] = mapped_column(
        Numeric(10, 2), comment="Credits the samples cost."
    )
    credits_cost_final: Mapped[Decimal | None] = mapped_column(
        Numeric(10, 2), comment="Credits the finished asset cost."
    )
    ai_model_used: Mapped[str | None] = mapped_column(
        String(100), comment="Name of the model that answered, as it was then."
    )
    processing_time_ms: Mapped[int | None] = mapped_column(
        comment="Time the models took, in milliseconds."
    )

    user: Mapped["User"] = relationship(back_populates="generation_requests")
    project: Mapped["Project | None"] = relationship(back_populates="generation_requests")
    generated_assets: Mapped[list["Asset"]] = relationship(
        foreign_keys="Asset.generation_request_id",
        back_populates="generation_request_source",
        passive_deletes="all",
    )
    # Written in a second statement: request and asset refer to each other.
    selected_sample: Mapped["Asset | None"] = relationship(
        foreign_keys=[selected_sample_id], back_populates="selected_sample_of", post_update=True
    )
    final_asset: Mapped["Asset | None"] = relationship(
        foreign_keys=[final_asset_id],
        back_populates="final_generation_output_of",
        post_update=True,
    )
    results: Mapped[list["GenerationResult"]] = relationship(
        back_populates="generation_request", passive_deletes="all"
    )
    credit_transactions: Mapped[list["CreditTransaction"]] = relationship(
        back_populates="generation_request", passive_deletes="all"
    )
    usage_logs: Mapped[list["UsageLog"]] = relationship(
        back_populates="generation_request", passive_deletes="all"
    )
    feedbacks: Mapped[list["AIModelFeedback"]] = relationship(
        back_populates="generation_request", passive_deletes="all"
    )


class GenerationResult(Identified, Base):
    """One output of a request, tied to the asset it was stored as."""

    __tablename__ = "generation_results"
    __table_args__ = (
        UniqueConstraint("asset_id"),
        Index(None, "generation_request_id"),
        {"comment": "Outputs of requests, each stored as one asset."},
    )

    generation_request_id: Mapped[UUID] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="CASCADE"), comment="Request it answers."
    )
    asset_id: Mapped[UUID] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), comment="Asset it was stored as."
    )
    is_selected: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether the user chose this output."
    )
    resolution: Mapped[str] = mapped_column(String(20), comment="Width and height of the output.")

    generation_request: Mapped["GenerationRequest"] = relationship(back_populates="results")
    asset: Mapped["Asset"] = relationship(back_populates="generation_result")
