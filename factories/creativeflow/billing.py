"""Subscriptions, the ledger of credits, and the log of billable actions.

When a row of the ledger or the log was written is left out: it decides the month, and the engine
knows which months there are.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from factory.base import Factory
from factory.random import randgen

from factories.creativeflow.base import credit_amount
from factories.declared import (
    WRITTEN_BEFORE,
    derived,
    later,
    moment,
    numbered,
    picked,
    trait,
)
from schema.creativeflow import CreditTransaction, Subscription, UsageLog

_MONTH = 30 * 24 * 3600
_LONG_AGO = WRITTEN_BEFORE - timedelta(days=400)


def _amount(row: Any, _number: int) -> Decimal:
    size = Decimal(randgen.randrange(25, 5000)) / 100
    return size if row.action_type in ("purchase", "refund") else -size


class SubscriptionFactory(Factory[Subscription]):
    """A plan in its current period."""

    class Meta:
        """What is made."""

        model = Subscription

    class Params:
        """Where a subscription stands."""

        active = trait(status="Active")
        trial = trait(
            status="Trial",
            payment_method_id=None,
            current_period_end=later("current_period_start", _MONTH // 2),
        )
        suspended = trait(status="Suspended")
        cancelled = trait(status="Cancelled")
        expired = trait(status="Expired", current_period_start=moment(_LONG_AGO))

    odoo_sale_order_id = numbered(lambda n: f"SO{n:06}")
    plan_id = picked({"pro-monthly": 3, "team-monthly": 2, "enterprise-yearly": 1})
    status = picked({"Active": 7, "Trial": 2, "Suspended": 1, "Cancelled": 1, "Expired": 1})
    current_period_start = moment()
    current_period_end = later("current_period_start", _MONTH)
    payment_provider = picked({"Stripe": 6, "PayPal": 3, "OdooManual": 1})
    payment_provider_subscription_id = numbered(lambda n: f"fake-subscription-{n:06}")
    payment_method_id = numbered(lambda n: f"fake-method-{n:06}")
    created_at = moment()
    updated_at = later("created_at", 3600)


class CreditTransactionFactory(Factory[CreditTransaction]):
    """A movement of credits: purchases and refunds add, the rest takes away."""

    class Meta:
        """What is made."""

        model = CreditTransaction

    class Params:
        """What moved the credits."""

        purchase = trait(action_type="purchase")
        refund = trait(action_type="refund")
        spent = trait(action_type="sample_generation", generation_request=True)

    action_type = picked(
        {"sample_generation": 6, "final_generation": 3, "purchase": 2, "refund": 1}
    )
    amount = derived(_amount)
    odoo_invoice_id = derived(
        lambda row, n: f"INV{n:06}" if row.action_type in ("purchase", "refund") else None
    )
    api_call_id = numbered(lambda n: f"call-{n:06}" if n % 3 == 0 else None)
    description = derived(lambda row, _: row.action_type.replace("_", " ").capitalize())
    synced_at = moment()


class UsageLogFactory(Factory[UsageLog]):
    """An action; some cost credits."""

    class Meta:
        """What is made."""

        model = UsageLog

    class Params:
        """What was done, and by whom."""

        billed = trait(action_type="image.final", generation_request=True)
        counted = trait(action_type="template.open", credits_cost=None)
        by_program = trait(api_client=True)

    action_type = picked({"image.sample": 5, "image.final": 2, "template.open": 3})
    details = derived(
        lambda row, n: {"action": row.action_type, "client": "web", "latency_ms": 40 + n}
    )
    credits_cost = credit_amount(5)
