"""Audit: who did what, what the models decided, how long that is kept, and what failed."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
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
    from schema.pulse.workspaces import Workspace


@database_enum
class AuditAction(StrEnum):
    """What can be audited."""

    ROLE_CHANGE = "ROLE_CHANGE"
    TOKEN_ADJUSTMENT = "TOKEN_ADJUSTMENT"
    VOUCHER_CREATE = "VOUCHER_CREATE"
    VOUCHER_UPDATE = "VOUCHER_UPDATE"
    VOUCHER_DELETE = "VOUCHER_DELETE"
    USER_DELETE = "USER_DELETE"
    ADMIN_LOGIN = "ADMIN_LOGIN"
    USER_LOGIN = "USER_LOGIN"
    USER_LOGOUT = "USER_LOGOUT"
    SESSION_REFRESH = "SESSION_REFRESH"
    WORKSPACE_CREATE = "WORKSPACE_CREATE"
    WORKSPACE_UPDATE = "WORKSPACE_UPDATE"
    WORKSPACE_DELETE = "WORKSPACE_DELETE"
    WORKSPACE_MEMBER_ADD = "WORKSPACE_MEMBER_ADD"
    WORKSPACE_MEMBER_REMOVE = "WORKSPACE_MEMBER_REMOVE"
    WORKSPACE_SETTINGS_CHANGE = "WORKSPACE_SETTINGS_CHANGE"
    CONTENT_CREATE = "CONTENT_CREATE"
    CONTENT_UPDATE = "CONTENT_UPDATE"
    CONTENT_DELETE = "CONTENT_DELETE"
    CONTENT_PUBLISH = "CONTENT_PUBLISH"
    CONTENT_UNPUBLISH = "CONTENT_UNPUBLISH"
    CONTENT_SCHEDULE = "CONTENT_SCHEDULE"
    AI_GENERATION_REQUEST = "AI_GENERATION_REQUEST"
    AI_GENERATION_COMPLETE = "AI_GENERATION_COMPLETE"
    AI_APPROVAL = "AI_APPROVAL"
    AI_REJECTION = "AI_REJECTION"
    AI_FEEDBACK = "AI_FEEDBACK"
    INTEGRATION_CONNECT = "INTEGRATION_CONNECT"
    INTEGRATION_DISCONNECT = "INTEGRATION_DISCONNECT"
    INTEGRATION_SYNC = "INTEGRATION_SYNC"
    DATA_EXPORT = "DATA_EXPORT"
    DATA_IMPORT = "DATA_IMPORT"
    RELAY_DRAFT_CREATE = "RELAY_DRAFT_CREATE"
    RELAY_DRAFT_APPROVE = "RELAY_DRAFT_APPROVE"
    RELAY_DRAFT_REJECT = "RELAY_DRAFT_REJECT"
    RELAY_DRAFT_EDIT = "RELAY_DRAFT_EDIT"
    RELAY_DRAFT_SEND = "RELAY_DRAFT_SEND"


@database_enum
class ErrorEnvironment(StrEnum):
    """Which side failed."""

    FRONTEND = "FRONTEND"
    BACKEND = "BACKEND"


class AuditLog(Identified, Created, Base):
    """An action of a user or an administrator."""

    __tablename__ = "audit_logs"
    __table_args__ = (
        Index(None, "createdAt"),
        Index(None, "resourceId", "resourceType"),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    action: Mapped[AuditAction] = mapped_column(index=True)
    targetId: Mapped[str | None] = mapped_column(index=True)
    targetType: Mapped[str | None] = mapped_column(index=True)
    resourceId: Mapped[str | None]
    resourceType: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    ipAddress: Mapped[str | None]
    userAgent: Mapped[str | None]
    sessionId: Mapped[str | None]

    user: Mapped["User"] = relationship()


class WorkspaceAuditLog(Identified, Created, Base):
    """An action within a workspace, with the values before and after."""

    __tablename__ = "workspace_audit_logs"
    __table_args__ = (
        Index(None, "targetId", "targetType"),
        Index(None, "createdAt"),
        Index(None, "workspaceId", "createdAt"),
    )

    workspaceId: Mapped[str] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), index=True)
    action: Mapped[AuditAction] = mapped_column(index=True)
    targetId: Mapped[str | None]
    targetType: Mapped[str | None]
    resourceId: Mapped[str | None]
    resourceType: Mapped[str | None]
    oldValue: Mapped[JsonObject | None]
    newValue: Mapped[JsonObject | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    ipAddress: Mapped[str | None]
    userAgent: Mapped[str | None]

    workspace: Mapped["Workspace"] = relationship()
    user: Mapped["User"] = relationship()


class AiDecisionLog(Identified, Created, Base):
    """A request to a language model: what went in, what came out, what it cost."""

    __tablename__ = "ai_decision_logs"
    __table_args__ = (Index(None, "createdAt"),)

    workspaceId: Mapped[str | None] = mapped_column(
        reference("workspaces.id", ondelete="SET NULL"), index=True
    )
    userId: Mapped[str | None] = mapped_column(
        reference("users.id", ondelete="SET NULL"), index=True
    )
    requestType: Mapped[str] = mapped_column(index=True)
    inputPrompt: Mapped[str | None]
    inputContext: Mapped[JsonObject | None]
    outputResult: Mapped[str | None]
    outputMetadata: Mapped[JsonObject | None]
    modelId: Mapped[str | None]
    modelVersion: Mapped[str | None]
    tokensUsed: Mapped[int | None]
    latencyMs: Mapped[int | None]
    status: Mapped[str] = mapped_column(index=True)
    errorMessage: Mapped[str | None]

    workspace: Mapped["Workspace | None"] = relationship()
    user: Mapped["User | None"] = relationship()


class AuditRetentionPolicy(Identified, Created, Updated, Base):
    """How long audit records are kept, in a workspace or, where none is named, in all."""

    __tablename__ = "audit_retention_policies"
    __table_args__ = (UniqueConstraint("workspaceId", "name"),)

    workspaceId: Mapped[str | None] = mapped_column(
        reference("workspaces.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    description: Mapped[str | None]
    retentionDays: Mapped[int] = mapped_column(server_default=text("365"))
    archiveAfterDays: Mapped[int | None]
    deleteAfterDays: Mapped[int | None]
    actionTypes: Mapped[list[str]]
    isActive: Mapped[bool] = mapped_column(server_default=true(), index=True)

    workspace: Mapped["Workspace | None"] = relationship()


class ArchivedAuditLog(Identified, Base):
    """An audit record moved away by its policy; it refers to nothing and outlives all."""

    __tablename__ = "archived_audit_logs"

    originalId: Mapped[str]
    workspaceId: Mapped[str | None] = mapped_column(index=True)
    userId: Mapped[str] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
    targetId: Mapped[str | None]
    targetType: Mapped[str | None]
    resourceId: Mapped[str | None]
    resourceType: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
    ipAddress: Mapped[str | None]
    userAgent: Mapped[str | None]
    originalCreatedAt: Mapped[datetime] = mapped_column(index=True)
    archivedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)
    retentionPolicyId: Mapped[str | None]
    archiveReason: Mapped[str | None]


class ErrorLog(Identified, Base):
    """A failure of the site or the server, with the place in the code."""

    __tablename__ = "error_logs"

    timestamp: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP, index=True)
    message: Mapped[str]
    stack: Mapped[str | None]
    sourceFile: Mapped[str | None] = mapped_column(index=True)
    sourceLine: Mapped[int | None]
    sourceColumn: Mapped[int | None]
    callerName: Mapped[str | None]
    userId: Mapped[str | None]
    route: Mapped[str | None]
    environment: Mapped[ErrorEnvironment] = mapped_column(index=True)
    errorType: Mapped[str | None] = mapped_column(index=True)
    errorCode: Mapped[str | None]
    metadata_: Mapped[JsonObject | None] = mapped_column("metadata")
