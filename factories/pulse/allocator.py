"""Budgets, and what the autopilot did to them."""

from decimal import Decimal

from factory.base import Factory

from factories.declared import derived, moment, numbered, trait
from schema.pulse import AllocatorAutopilotExecution, AllocatorCampaign

_BUDGET = Decimal(100)


class AllocatorCampaignFactory(Factory[AllocatorCampaign]):
    """A campaign that runs."""

    class Meta:
        """What is made."""

        model = AllocatorCampaign

    class Params:
        """Whether it spends anything."""

        paused = trait(status="PAUSED", spend=Decimal(0))

    platformCampaignId = numbered(lambda n: f"fake-campaign-{n:06}")
    name = numbered(lambda n: f"Campaign {n}")
    status = "ACTIVE"
    budget = _BUDGET
    spend = numbered(lambda n: Decimal(n % 100))
    metrics = numbered(lambda n: {"clicks": n % 900, "impressions": 9000 + n, "roas": 1.8})
    lastSyncAt = moment()


class AllocatorAutopilotExecutionFactory(Factory[AllocatorAutopilotExecution]):
    """A budget that was raised."""

    class Meta:
        """What is made."""

        model = AllocatorAutopilotExecution

    class Params:
        """What was done."""

        lowered = trait(newBudget=Decimal("92.50"))
        taken_back = trait(rolledBackAt=moment(), rolledBackReason="It was too much")

    previousBudget = _BUDGET
    newBudget = Decimal("112.50")
    budgetChange = derived(lambda row, _: row.newBudget - row.previousBudget)
    recommendationType = "INCREASE_BUDGET"
    metadata_ = numbered(lambda n: {"model": "allocator-1", "confidence": 0.5 + n % 5 / 10})
    rolledBackAt = None
