"""AI models: the catalogue, its versions, how they were validated and deployed, what users say."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.creativeflow.base import (
    JSON,
    UTC_NOW,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
)

if TYPE_CHECKING:
    from schema.creativeflow.generation import GenerationRequest
    from schema.creativeflow.identity import User


class AIModel(Identified, Created, Updated, Base):
    """A model the platform can use, its own or a provider's."""

    __tablename__ = "ai_models"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint(
            "task_type IN ('text_to_image', 'image_to_image', 'text_generation', 'upscaling',"
            " 'background_removal', 'style_transfer')",
            name="task_type",
        ),
        Index("idx_aimodel_provider_tasktype", "provider", "task_type"),
        Index("idx_aimodel_isactive", "is_active"),
        Index(None, "task_type"),
        {"comment": "Models the platform can use."},
    )

    name: Mapped[str] = mapped_column(String(100), comment="What the model is called.")
    description: Mapped[str | None] = mapped_column(Text, comment="What it is good at.")
    provider: Mapped[str] = mapped_column(String(50), comment="Who runs it.")
    task_type: Mapped[str] = mapped_column(String(50), comment="What it does.")
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), comment="Whether requests may be sent to it."
    )

    versions: Mapped[list["AIModelVersion"]] = relationship(
        back_populates="ai_model_parent", passive_deletes="all"
    )


class AIModelVersion(Identified, Created, Updated, Base):
    """One release of a model."""

    __tablename__ = "ai_model_versions"
    __table_args__ = (
        UniqueConstraint("model_id", "version_number"),
        UniqueConstraint("validation_result_id"),
        # The pair, so that a version can only point to a result of its own; on delete only the
        # pointer is cleared, id being the primary key. Added after both tables, and deferrable.
        ForeignKeyConstraint(
            ["validation_result_id", "id"],
            ["ai_model_validation_results.id", "ai_model_validation_results.model_version_id"],
            ondelete="SET NULL (validation_result_id)",
            onupdate="CASCADE",
            deferrable=True,
            initially="IMMEDIATE",
            use_alter=True,
        ),
        CheckConstraint(
            "status IN ('Staged', 'Validating', 'Validated', 'Rejected', 'Active', 'Deprecated',"
            " 'Archived')",
            name="status",
        ),
        Index("idx_aimodelversion_status", "status"),
        Index(None, "created_by_user_id"),
        {"comment": "Releases of models, and where each stands."},
    )

    model_id: Mapped[UUID] = mapped_column(
        ForeignKey("ai_models.id", ondelete="CASCADE"), comment="Model it is a release of."
    )
    version_number: Mapped[str] = mapped_column(String(50), comment="Number of the release.")
    source_path: Mapped[str | None] = mapped_column(
        String(1024), comment="Key of the weights in object storage, for our own models."
    )
    format: Mapped[str | None] = mapped_column(String(50), comment="Format of the weights.")
    parameters: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Settings the release runs with, free form."
    )
    status: Mapped[str] = mapped_column(
        String(50), server_default="Staged", comment="Where the release stands."
    )
    validation_result_id: Mapped[UUID | None] = mapped_column(
        comment="Result the release was accepted on; always one of its own."
    )
    created_by_user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Who registered it, while the account exists.",
    )
    release_notes: Mapped[str | None] = mapped_column(Text, comment="What is new in it.")

    ai_model_parent: Mapped["AIModel"] = relationship(back_populates="versions")
    validation_result: Mapped["AIModelValidationResult | None"] = relationship(
        foreign_keys="AIModelValidationResult.model_version_id",
        back_populates="model_version",
        passive_deletes="all",
    )
    # Written in a second statement: version and result refer to each other.
    accepted_validation_result: Mapped["AIModelValidationResult | None"] = relationship(
        foreign_keys=[validation_result_id],
        primaryjoin="AIModelVersion.validation_result_id == AIModelValidationResult.id",
        post_update=True,
    )
    created_by: Mapped["User | None"] = relationship()
    deployments: Mapped[list["AIModelDeployment"]] = relationship(
        back_populates="model_version", passive_deletes="all"
    )
    feedbacks: Mapped[list["AIModelFeedback"]] = relationship(
        back_populates="model_version", passive_deletes="all"
    )


class AIModelValidationResult(Identified, Created, Base):
    """What validating a release showed."""

    __tablename__ = "ai_model_validation_results"
    __table_args__ = (
        UniqueConstraint("model_version_id"),
        # Beyond the primary key only so that a release can refer to a result of its own.
        UniqueConstraint("id", "model_version_id"),
        CheckConstraint(
            "security_scan_status IN ('Passed', 'Failed', 'Pending', 'Skipped')",
            name="security_scan_status",
        ),
        CheckConstraint(
            "functional_status IN ('Passed', 'Failed', 'Pending', 'Skipped')",
            name="functional_status",
        ),
        Index("idx_aimodelvalidationresult_timestamp", "validation_timestamp"),
        Index(None, "validated_by_user_id"),
        {"comment": "Results of validating releases, one per release."},
    )

    model_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("ai_model_versions.id", ondelete="CASCADE"),
        comment="Release that was validated.",
    )
    validation_timestamp: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW, comment="When it was validated, UTC."
    )
    security_scan_status: Mapped[str] = mapped_column(
        String(50), comment="What the security scan said."
    )
    functional_status: Mapped[str] = mapped_column(
        String(50), comment="What the functional tests said."
    )
    performance_benchmark: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Figures of the performance run, free form."
    )
    results: Mapped[JsonObject | None] = mapped_column(JSON, comment="The whole log, free form.")
    validated_by_user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Who ran it, while the account exists.",
    )

    model_version: Mapped["AIModelVersion"] = relationship(
        foreign_keys=[model_version_id], back_populates="validation_result"
    )
    validated_by: Mapped["User | None"] = relationship()


class AIModelDeployment(Identified, Created, Updated, Base):
    """One attempt to bring a release into an environment."""

    __tablename__ = "ai_model_deployments"
    __table_args__ = (
        CheckConstraint("environment IN ('staging', 'production', 'testing')", name="environment"),
        CheckConstraint(
            "status IN ('Initiated', 'InProgress', 'Succeeded', 'Failed', 'RolledBack')",
            name="status",
        ),
        Index("idx_aimodeldeployment_versionid_env", "model_version_id", "environment"),
        Index("idx_aimodeldeployment_status", "status"),
        Index(None, "environment"),
        Index(None, "deployed_by_user_id"),
        {"comment": "Attempts to bring releases into environments."},
    )

    model_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("ai_model_versions.id", ondelete="CASCADE"), comment="Release being deployed."
    )
    environment: Mapped[str] = mapped_column(String(50), comment="Where to.")
    status: Mapped[str] = mapped_column(
        String(50), server_default="Initiated", comment="How far the attempt has come."
    )
    deployment_strategy: Mapped[str | None] = mapped_column(
        String(50), comment="How traffic is moved over."
    )
    endpoint: Mapped[str | None] = mapped_column(
        String(255), comment="Address the release answers at."
    )
    kubernetes_details: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="What the cluster was told, free form."
    )
    deployed_by_user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Who deployed it, while the account exists.",
    )
    deployment_timestamp: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW, comment="When the attempt began, UTC."
    )

    model_version: Mapped["AIModelVersion"] = relationship(back_populates="deployments")
    deployed_by: Mapped["User | None"] = relationship()


class AIModelFeedback(Identified, Created, Base):
    """What a user thought of an output."""

    __tablename__ = "ai_model_feedbacks"
    __table_args__ = (
        CheckConstraint("rating >= 1 AND rating <= 5", name="rating"),
        Index("idx_aimodelfeedback_userid", "user_id"),
        Index("idx_aimodelfeedback_generationrequestid", "generation_request_id"),
        Index("idx_aimodelfeedback_modelversionid", "model_version_id"),
        {"comment": "What users thought of outputs."},
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Whose opinion it is."
    )
    generation_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Request whose output is judged.",
    )
    model_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("ai_model_versions.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Release that made the output.",
    )
    rating: Mapped[int | None] = mapped_column(comment="From 1 (poor) to 5 (excellent).")
    comment: Mapped[str | None] = mapped_column(
        Text, comment="The opinion in the user's words. [personal]"
    )
    feedback_timestamp: Mapped[datetime] = mapped_column(
        server_default=UTC_NOW, comment="When the user said so, UTC."
    )
    details: Mapped[JsonObject | None] = mapped_column(
        JSON, comment="Answers to further questions, free form."
    )

    user: Mapped["User"] = relationship(back_populates="ai_model_feedbacks")
    generation_request: Mapped["GenerationRequest | None"] = relationship(
        back_populates="feedbacks"
    )
    model_version: Mapped["AIModelVersion | None"] = relationship(back_populates="feedbacks")
