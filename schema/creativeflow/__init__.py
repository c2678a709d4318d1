"""CreativeFlow: the database of a platform for AI-assisted creative work, 23 tables.

`metadata` is what the migrations in `migrations/creativeflow` must lead to. Where the design
documents disagree, `docs/creativeflow-decisions.md` says what holds and why.
"""

from schema.creativeflow import programs
from schema.creativeflow.ai_models import (
    AIModel,
    AIModelDeployment,
    AIModelFeedback,
    AIModelValidationResult,
    AIModelVersion,
)
from schema.creativeflow.assets import Asset, AssetVersion
from schema.creativeflow.base import Base
from schema.creativeflow.billing import CreditTransaction, Subscription, UsageLog
from schema.creativeflow.collaboration import Team, TeamMember
from schema.creativeflow.generation import GenerationRequest, GenerationResult
from schema.creativeflow.identity import APIClient, Session, SocialMediaConnection, User
from schema.creativeflow.notification import Notification
from schema.creativeflow.template import Template
from schema.creativeflow.workspace import BrandKit, Project, Workbench

metadata = Base.metadata
programs.attach(metadata)

__all__ = [
    "AIModel",
    "AIModelDeployment",
    "AIModelFeedback",
    "AIModelValidationResult",
    "AIModelVersion",
    "APIClient",
    "Asset",
    "AssetVersion",
    "Base",
    "BrandKit",
    "CreditTransaction",
    "GenerationRequest",
    "GenerationResult",
    "Notification",
    "Project",
    "Session",
    "SocialMediaConnection",
    "Subscription",
    "Team",
    "TeamMember",
    "Template",
    "UsageLog",
    "User",
    "Workbench",
    "metadata",
]
