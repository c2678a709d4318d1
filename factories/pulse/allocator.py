"""Budgets that were raised by what the row says."""

from decimal import Decimal

from factory.base import Factory

from schema.pulse import AllocatorAutopilotExecution


class AllocatorAutopilotExecutionFactory(Factory[AllocatorAutopilotExecution]):
    """A change that went through."""

    class Meta:
        """What is made."""

        model = AllocatorAutopilotExecution

    previousBudget = Decimal(100)
    newBudget = Decimal("112.50")
    budgetChange = Decimal("12.50")
