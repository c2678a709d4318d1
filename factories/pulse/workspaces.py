"""Workspaces within the limits of their plan, and reminders that name theirs without a key."""

from factory.base import Factory

from factories.pulse.base import key, numbered
from schema.pulse import ConnectionReminder, Workspace
from schema.pulse.workspaces import WorkspaceSubscriptionTier


class WorkspaceFactory(Factory[Workspace]):
    """A small team on the middle plan."""

    class Meta:
        """What is made."""

        model = Workspace

    id = key("workspace")
    name = numbered(lambda number: f"Studio {number}")
    slug = numbered(lambda number: f"studio-{number}")
    subscriptionTier = WorkspaceSubscriptionTier.PRO
    maxTeamMembers = 5
    monthlyAiCredits = 1000
    usedAiCredits = numbered(lambda number: number % 1000)


class ConnectionReminderFactory(Factory[ConnectionReminder]):
    """A reminder of the workspace of its number."""

    class Meta:
        """What is made."""

        model = ConnectionReminder

    workspaceId = key("workspace")
    title = "Ask how the launch went"
