"""Factories for those of Pulse's tables whose rows have to fit each other.

Elsewhere a row derived from the catalog says as much. What is counted, summed up or named without
a foreign key is described here, so that rows of one number break no business rule.
"""

from factories.pulse.allocator import AllocatorAutopilotExecutionFactory
from factories.pulse.billing import (
    TokenTransactionFactory,
    UserTokenBalanceFactory,
    VoucherFactory,
)
from factories.pulse.experiments import AbTestFactory, AbTestVariantFactory
from factories.pulse.merch import MerchOrderFactory, MerchOrderItemFactory
from factories.pulse.workspaces import ConnectionReminderFactory, WorkspaceFactory

__all__ = [
    "AbTestFactory",
    "AbTestVariantFactory",
    "AllocatorAutopilotExecutionFactory",
    "ConnectionReminderFactory",
    "MerchOrderFactory",
    "MerchOrderItemFactory",
    "TokenTransactionFactory",
    "UserTokenBalanceFactory",
    "VoucherFactory",
    "WorkspaceFactory",
]
