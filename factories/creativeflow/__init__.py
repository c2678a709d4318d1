"""One factory for each of CreativeFlow's tables, a module per domain as in `schema.creativeflow`.

`UserFactory.build()` gives a model, as with any factory; keys and references stay empty. Rows
made here break no business rule, whatever they come to refer to: a file is never "Uploaded",
since it may be given a request that made it; no result is selected before its request says so; no
release has failed its validation; every kit is an ordinary one.
"""

from factories.creativeflow.ai_models import (
    AIModelDeploymentFactory,
    AIModelFactory,
    AIModelFeedbackFactory,
    AIModelValidationResultFactory,
    AIModelVersionFactory,
)
from factories.creativeflow.assets import AssetFactory, AssetVersionFactory
from factories.creativeflow.billing import (
    CreditTransactionFactory,
    SubscriptionFactory,
    UsageLogFactory,
)
from factories.creativeflow.collaboration import TeamFactory, TeamMemberFactory
from factories.creativeflow.generation import GenerationRequestFactory, GenerationResultFactory
from factories.creativeflow.identity import (
    APIClientFactory,
    SessionFactory,
    SocialMediaConnectionFactory,
    UserFactory,
)
from factories.creativeflow.notification import NotificationFactory
from factories.creativeflow.template import TemplateFactory
from factories.creativeflow.workspace import BrandKitFactory, ProjectFactory, WorkbenchFactory

__all__ = [
    "AIModelDeploymentFactory",
    "AIModelFactory",
    "AIModelFeedbackFactory",
    "AIModelValidationResultFactory",
    "AIModelVersionFactory",
    "APIClientFactory",
    "AssetFactory",
    "AssetVersionFactory",
    "BrandKitFactory",
    "CreditTransactionFactory",
    "GenerationRequestFactory",
    "GenerationResultFactory",
    "NotificationFactory",
    "ProjectFactory",
    "SessionFactory",
    "SocialMediaConnectionFactory",
    "SubscriptionFactory",
    "TeamFactory",
    "TeamMemberFactory",
    "TemplateFactory",
    "UsageLogFactory",
    "UserFactory",
    "WorkbenchFactory",
]
