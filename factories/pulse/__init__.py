"""Factories for what people test most in Pulse.

That is accounts, workspaces, posts, the inbox, money, the shop, files, automations, experiments.
Elsewhere a row derived from the catalog says as much.

What is counted, summed up or named without a foreign key fits wherever it comes from: rows of one
number belong together where the engine makes a family of them, and whatever is asked for by itself
brings along what its rules ask for.
"""

from factories.pulse.accounts import (
    AccountFactory,
    ApiKeyFactory,
    EmailLogFactory,
    FeedbackFactory,
    IdentifierFactory,
    IdentityFactory,
    SessionFactory,
    UserFactory,
    VerificationTokenFactory,
)
from factories.pulse.allocator import AllocatorAutopilotExecutionFactory, AllocatorCampaignFactory
from factories.pulse.assets import AssetFactory, AssetFolderFactory, AssetTagFactory
from factories.pulse.billing import (
    ReferralFactory,
    StripePaymentFactory,
    SubscriptionFactory,
    SubscriptionPlanFactory,
    TokensPackageFactory,
    TokenTransactionFactory,
    UserTokenBalanceFactory,
    VoucherFactory,
    VoucherRedemptionFactory,
)
from factories.pulse.connections import ConnectionFactory, ConnectionReminderFactory
from factories.pulse.experiments import AbTestFactory, AbTestVariantFactory, FeatureFlagFactory
from factories.pulse.inbox import (
    EscalationEventFactory,
    InboxItemFactory,
    InboxSuggestedResponseFactory,
    RelayDraftFactory,
)
from factories.pulse.merch import (
    MerchCartItemFactory,
    MerchCategoryFactory,
    MerchOrderEventFactory,
    MerchOrderFactory,
    MerchOrderItemFactory,
    MerchProductFactory,
    MerchShipmentFactory,
    MerchVariantFactory,
    MerchWebhookEventFactory,
)
from factories.pulse.publishing import ScheduledPostAccountFactory, ScheduledPostFactory
from factories.pulse.social import SocialAccountFactory, SocialPostAccountFactory, SocialPostFactory
from factories.pulse.workflows import (
    WorkflowFactory,
    WorkflowRunFactory,
    WorkflowRunLogFactory,
    WorkflowScheduleFactory,
    WorkflowStepFactory,
    WorkflowVersionFactory,
    WorkflowWebhookFactory,
)
from factories.pulse.workspaces import NotificationFactory, WorkspaceFactory, WorkspaceMemberFactory

__all__ = [
    "AbTestFactory",
    "AbTestVariantFactory",
    "AccountFactory",
    "AllocatorAutopilotExecutionFactory",
    "AllocatorCampaignFactory",
    "ApiKeyFactory",
    "AssetFactory",
    "AssetFolderFactory",
    "AssetTagFactory",
    "ConnectionFactory",
    "ConnectionReminderFactory",
    "EmailLogFactory",
    "EscalationEventFactory",
    "FeatureFlagFactory",
    "FeedbackFactory",
    "IdentifierFactory",
    "IdentityFactory",
    "InboxItemFactory",
    "InboxSuggestedResponseFactory",
    "MerchCartItemFactory",
    "MerchCategoryFactory",
    "MerchOrderEventFactory",
    "MerchOrderFactory",
    "MerchOrderItemFactory",
    "MerchProductFactory",
    "MerchShipmentFactory",
    "MerchVariantFactory",
    "MerchWebhookEventFactory",
    "NotificationFactory",
    "ReferralFactory",
    "RelayDraftFactory",
    "ScheduledPostAccountFactory",
    "ScheduledPostFactory",
    "SessionFactory",
    "SocialAccountFactory",
    "SocialPostAccountFactory",
    "SocialPostFactory",
    "StripePaymentFactory",
    "SubscriptionFactory",
    "SubscriptionPlanFactory",
    "TokenTransactionFactory",
    "TokensPackageFactory",
    "UserFactory",
    "UserTokenBalanceFactory",
    "VerificationTokenFactory",
    "VoucherFactory",
    "VoucherRedemptionFactory",
    "WorkflowFactory",
    "WorkflowRunFactory",
    "WorkflowRunLogFactory",
    "WorkflowScheduleFactory",
    "WorkflowStepFactory",
    "WorkflowVersionFactory",
    "WorkflowWebhookFactory",
    "WorkspaceFactory",
    "WorkspaceMemberFactory",
]
