"""What people write to a workspace, and the answers drafted for it."""

from factory.base import Factory

from factories.declared import children, fake, later, moment, numbered, phrase, picked, trait
from factories.pulse.base import DAY, SOON
from schema.pulse import EscalationEvent, InboxItem, InboxSuggestedResponse, RelayDraft
from schema.pulse.inbox import (
    EscalationEventType,
    EscalationStatus,
    EscalationTrigger,
    InboxItemStatus,
    InboxItemType,
    InboxSentiment,
    RelayDraftStatus,
)
from schema.pulse.social import SocialPlatform


class InboxItemFactory(Factory[InboxItem]):
    """A comment that nobody has read."""

    class Meta:
        """What is made."""

        model = InboxItem

    class Params:
        """Where an item stands."""

        assigned = trait(
            assignedTo=True, status=InboxItemStatus.PENDING_REPLY, readAt=later("receivedAt", DAY)
        )
        escalated = trait(
            escalatedTo=True,
            escalationStatus=EscalationStatus.ESCALATED,
            escalationLevel=1,
            escalatedAt=later("receivedAt", DAY),
            escalationEvents=children("pulse.inbox.EscalationEventFactory", "inboxItem", 1),
        )
        late = trait(slaDeadline=later("receivedAt", 3600), slaBreach=True)
        closed = trait(
            status=InboxItemStatus.REPLIED,
            readAt=later("receivedAt", 3600),
            repliedAt=later("readAt", 3600),
            resolvedAt=later("repliedAt", 3600),
        )
        archived = trait(status=InboxItemStatus.ARCHIVED, readAt=later("receivedAt", DAY))
        angry = trait(
            sentiment=InboxSentiment.NEGATIVE,
            sentimentScore=-0.9,
            priorityScore=95,
            priorityFactors={"sentiment": 40, "reach": 35, "wait": 20},
        )
        drafted = trait(relayDrafts=children("pulse.inbox.RelayDraftFactory", "inboxItem", 1))

    type = InboxItemType.COMMENT
    status = InboxItemStatus.UNREAD
    platform = picked(dict.fromkeys(SocialPlatform, 1))
    platformItemId = numbered(lambda n: f"fake-item-{n:06}")
    content = phrase("Love|Could you explain|Not sure about", "the new colours|the price")
    senderName = fake("name")
    senderHandle = numbered(lambda n: f"@visitor{n}")
    metadata_ = numbered(lambda n: {"followers": n * 3 % 5000, "verified": False})
    receivedAt = moment()
    readAt = None
    repliedAt = None
    resolvedAt = None
    sentiment = InboxSentiment.NEUTRAL
    sentimentScore = 0.0
    priorityScore = numbered(lambda n: n % 60)
    priorityFactors = numbered(lambda n: {"sentiment": 0, "reach": n % 60})
    escalationStatus = EscalationStatus.NONE
    escalationLevel = 0
    escalatedAt = None
    slaDeadline = SOON
    slaBreach = False
    escalationEvents = children("pulse.inbox.EscalationEventFactory", "inboxItem")
    relayDrafts = children("pulse.inbox.RelayDraftFactory", "inboxItem")


class EscalationEventFactory(Factory[EscalationEvent]):
    """An item that went up a level by itself."""

    class Meta:
        """What is made."""

        model = EscalationEvent

    class Params:
        """What an escalation did."""

        overdue = trait(
            eventType=EscalationEventType.SLA_BREACH, triggeredBy=EscalationTrigger.SLA_TIMEOUT
        )

    eventType = EscalationEventType.ESCALATED
    fromLevel = 0
    toLevel = 1
    reason = "The mood is bad"
    triggeredBy = EscalationTrigger.SENTIMENT
    metadata_ = numbered(lambda n: {"rule": f"mood-{n % 4}", "score": -0.8})


class InboxSuggestedResponseFactory(Factory[InboxSuggestedResponse]):
    """A ready answer."""

    class Meta:
        """What is made."""

        model = InboxSuggestedResponse

    class Params:
        """Whether it is the one to take."""

        preferred = trait(isPreferred=True, confidenceScore=0.95)

    content = phrase("Thank you|Good question", "and here is more.|and we will look into it.")
    tone = picked({"friendly": 2, "formal": 1})
    confidenceScore = 0.7
    category = "thanks"
    isPreferred = False


class RelayDraftFactory(Factory[RelayDraft]):
    """An answer that waits to be approved."""

    class Meta:
        """What is made."""

        model = RelayDraft

    class Params:
        """Where a draft stands."""

        approved = trait(
            status=RelayDraftStatus.APPROVED, reviewedBy=True, reviewedAt=later("createdAt", DAY)
        )
        rejected = trait(
            status=RelayDraftStatus.REJECTED,
            reviewedBy=True,
            reviewedAt=later("createdAt", DAY),
            reason="Not our tone",
        )
        sent = trait(
            status=RelayDraftStatus.SENT,
            reviewedBy=True,
            reviewedAt=later("createdAt", 3600),
            sentAt=later("reviewedAt", 3600),
        )
        failed = trait(status=RelayDraftStatus.FAILED, errorMessage="The network was busy")

    content = phrase("Thank you|Good question", "and here is more.|and we will look into it.")
    confidenceScore = 0.8
    status = RelayDraftStatus.PENDING
    isPreferred = False
    metadata_ = numbered(lambda n: {"model": "relay-1", "tokens": 40 + n % 100})
    createdAt = moment()
    reviewedAt = None
    sentAt = None
    errorMessage = None
    updatedAt = later("createdAt", DAY)
