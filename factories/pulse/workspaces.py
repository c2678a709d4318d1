"""Workspaces within the limits of their plan, and who works in them."""

from typing import Any

from factory.base import Factory

from factories.declared import children, derived, later, moment, numbered, parent, picked, trait
from factories.pulse.base import DAY, key
from schema.pulse import Notification, Workspace, WorkspaceMember
from schema.pulse.workspaces import WorkspaceRole, WorkspaceSubscriptionTier


def _used(row: Any, number: int) -> int:
    return number % int(row.monthlyAiCredits)


class WorkspaceFactory(Factory[Workspace]):
    """A small team on the middle plan; `members=3` gives it three."""

    class Meta:
        """What is made."""

        model = Workspace

    class Params:
        """States that a workspace is tested in."""

        free = trait(
            subscriptionTier=WorkspaceSubscriptionTier.FREE,
            maxTeamMembers=1,
            monthlyAiCredits=100,
            stripeSubscriptionId=None,
        )
        business = trait(
            subscriptionTier=WorkspaceSubscriptionTier.BUSINESS,
            maxTeamMembers=25,
            monthlyAiCredits=10_000,
        )
        personal = trait(isPersonal=True)
        full = trait(members=children("pulse.workspaces.WorkspaceMemberFactory", "workspace", 5))
        out_of_credits = trait(usedAiCredits=derived(lambda row, _: row.monthlyAiCredits))
        soft_deleted = trait(deletedAt=later("updatedAt", DAY))

    id = key("workspace")
    name = numbered(lambda number: f"Studio {number}")
    slug = numbered(lambda number: f"studio-{number}")
    description = None
    settings = numbered(lambda n: {"locale": "en-GB", "weekStartsOn": n % 2, "digest": True})
    isPersonal = False
    deletedAt = None
    subscriptionTier = WorkspaceSubscriptionTier.PRO
    maxTeamMembers = 5
    monthlyAiCredits = 1000
    usedAiCredits = derived(_used)
    stripeSubscriptionId = numbered(lambda n: f"fake-workspace-subscription-{n:06}")
    createdAt = moment()
    updatedAt = later("createdAt", DAY)
    members = children("pulse.workspaces.WorkspaceMemberFactory", "workspace")


class WorkspaceMemberFactory(Factory[WorkspaceMember]):
    """Somebody who has joined."""

    class Meta:
        """What is made."""

        model = WorkspaceMember

    class Params:
        """What a member may do, and whether they have joined."""

        owner = trait(role=WorkspaceRole.OWNER)
        admin = trait(role=WorkspaceRole.ADMIN)
        viewer = trait(role=WorkspaceRole.VIEWER)
        invited = trait(joinedAt=None, invitedBy=parent("pulse.accounts.UserFactory"))

    user = parent("pulse.accounts.UserFactory")
    role = WorkspaceRole.MEMBER
    invitedAt = moment()
    joinedAt = later("invitedAt", DAY)
    createdAt = moment()
    updatedAt = later("createdAt", DAY)


class NotificationFactory(Factory[Notification]):
    """Something new for all of a workspace."""

    class Meta:
        """What is made."""

        model = Notification

    class Params:
        """States that a notification is tested in."""

        seen = trait(read=True, readAt=later("createdAt", DAY))
        urgent = trait(priority="URGENT", type="ACCOUNT_EXPIRED", title="An account has expired")

    type = "POST_PUBLISHED"
    title = "A post is out"
    message = picked({"It went to 3 accounts.": 2, "It went to 1 account.": 1})
    priority = "MEDIUM"
    userId = None
    read = False
    createdAt = moment()
    readAt = None
    entityType = "scheduled_post"
    entityId = numbered(lambda n: f"post-{n}")
    metadata_ = numbered(lambda n: {"accounts": n % 3 + 1, "link": f"/posts/{n}"})
