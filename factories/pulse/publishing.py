"""The calendar: posts that go out at a time."""

from factory.base import Factory

from factories.declared import children, later, moment, numbered, parent, phrase, picked, trait
from factories.pulse.base import DAY, SOON
from factories.pulse.social import WORDS
from schema.pulse import ScheduledPost, ScheduledPostAccount
from schema.pulse.publishing import ScheduledPostStatus

_TARGET = "pulse.publishing.ScheduledPostAccountFactory"


class ScheduledPostFactory(Factory[ScheduledPost]):
    """A draft in the calendar; `accounts=2` sends it two ways."""

    class Meta:
        """What is made."""

        model = ScheduledPost

    class Params:
        """Where a post stands."""

        scheduled = trait(
            status=ScheduledPostStatus.SCHEDULED,
            accounts=children(_TARGET, "post", 1, status=ScheduledPostStatus.SCHEDULED),
        )
        published = trait(
            status=ScheduledPostStatus.PUBLISHED,
            scheduledAt=moment(),
            publishedAt=later("scheduledAt", 60),
            accounts=children(_TARGET, "post", 1, published=True),
        )
        failed = trait(
            status=ScheduledPostStatus.FAILED,
            scheduledAt=moment(),
            errorMessage="The network refused the picture",
            retryCount=3,
            lastAttemptAt=later("scheduledAt", 3600),
            accounts=children(_TARGET, "post", 1, failed=True),
        )
        cancelled = trait(status=ScheduledPostStatus.CANCELLED)
        weekly = trait(recurrenceRule="FREQ=WEEKLY;BYDAY=MO", nextOccurrenceAt=SOON)

    content = phrase(*WORDS)
    scheduledAt = SOON
    timezone = picked({"UTC": 3, "Europe/London": 1})
    status = ScheduledPostStatus.DRAFT
    recurrenceRule = None
    metadata_ = numbered(lambda n: {"source": "calendar", "slot": n % 7})
    publishedAt = None
    errorMessage = None
    retryCount = 0
    maxRetries = 3
    lastAttemptAt = None
    nextOccurrenceAt = None
    createdAt = moment()
    updatedAt = later("createdAt", DAY)
    accounts = children(_TARGET, "post")


class ScheduledPostAccountFactory(Factory[ScheduledPostAccount]):
    """A way to one account of the post's workspace."""

    class Meta:
        """What is made."""

        model = ScheduledPostAccount

    class Params:
        """Where it stands."""

        published = trait(
            status=ScheduledPostStatus.PUBLISHED,
            publishedAt=moment(),
            platformPostId=numbered(lambda n: f"fake-post-{n:06}"),
        )
        failed = trait(
            status=ScheduledPostStatus.FAILED, errorMessage="The network refused the picture"
        )

    post = parent("pulse.publishing.ScheduledPostFactory")
    account = parent("pulse.social.SocialAccountFactory")
    status = ScheduledPostStatus.DRAFT
