"""Accounts at networks, and posts on their way to them. Tokens open nothing."""

from typing import Any

from factory.base import Factory
from sqlalchemy import exists, select

from factories.declared import (
    afterwards,
    children,
    later,
    moment,
    numbered,
    parent,
    phrase,
    picked,
    trait,
)
from factories.pulse.base import DAY, LONG_AGO, SOON, stored
from schema.pulse import SocialAccount, SocialPost, SocialPostAccount, WorkspaceMember
from schema.pulse.social import SocialAccountStatus, SocialPlatform, SocialPostStatus
from schema.pulse.workspaces import WorkspaceRole

WORDS = ("We|Our team|The studio", "launched|rebuilt|refined", "the calendar|the shop|the app")


def _join(target: Any) -> None:
    """Let the author be a member of the workspace that the account belongs to."""
    session = stored(target)
    workspace, author = target.account.workspace, target.post.createdBy
    seat = exists().where(
        WorkspaceMember.workspaceId == workspace.id, WorkspaceMember.userId == author.id
    )
    if not session.scalar(select(seat)):
        session.add(WorkspaceMember(workspace=workspace, user=author, role=WorkspaceRole.MEMBER))


class SocialAccountFactory(Factory[SocialAccount]):
    """An account that can be used."""

    class Meta:
        """What is made."""

        model = SocialAccount

    class Params:
        """Whether the account can be used."""

        expired = trait(status=SocialAccountStatus.EXPIRED, tokenExpiresAt=moment(LONG_AGO))
        rate_limited = trait(status=SocialAccountStatus.RATE_LIMITED)
        suspended = trait(status=SocialAccountStatus.SUSPENDED)
        disconnected = trait(status=SocialAccountStatus.DISCONNECTED, refreshTokenEncrypted=None)

    platform = picked(dict.fromkeys(SocialPlatform, 1))
    accountId = numbered(lambda n: f"fake-account-{n:06}")
    accountName = numbered(lambda n: f"@studio{n}")
    accessTokenEncrypted = numbered(lambda n: f"fake-access-token-{n:06}")
    refreshTokenEncrypted = numbered(lambda n: f"fake-refresh-token-{n:06}")
    tokenExpiresAt = SOON
    status = SocialAccountStatus.ACTIVE
    metadata_ = numbered(lambda n: {"followers": 100 + n, "verified": n % 5 == 0})
    connectedAt = moment()
    createdAt = moment()
    updatedAt = later("createdAt", DAY)


class SocialPostFactory(Factory[SocialPost]):
    """A draft; `accounts=2` sends it two ways."""

    class Meta:
        """What is made."""

        model = SocialPost

    class Params:
        """Where a post stands."""

        scheduled = trait(status=SocialPostStatus.SCHEDULED, scheduledAt=SOON)
        published = trait(
            status=SocialPostStatus.PUBLISHED,
            publishedAt=moment(),
            accounts=children("pulse.social.SocialPostAccountFactory", "post", 1, published=True),
        )
        failed = trait(
            status=SocialPostStatus.FAILED,
            accounts=children("pulse.social.SocialPostAccountFactory", "post", 1, failed=True),
        )

    content = phrase(*WORDS)
    scheduledAt = None
    publishedAt = None
    status = SocialPostStatus.DRAFT
    metadata_ = numbered(lambda n: {"source": "composer", "hashtags": ["launch"], "words": n % 60})
    createdAt = moment()
    updatedAt = later("createdAt", DAY)
    accounts = children("pulse.social.SocialPostAccountFactory", "post")


class SocialPostAccountFactory(Factory[SocialPostAccount]):
    """A way to one account; the author is a member there."""

    class Meta:
        """What is made."""

        model = SocialPostAccount

    class Params:
        """Where it stands."""

        published = trait(
            status=SocialPostStatus.PUBLISHED,
            publishedAt=moment(),
            platformPostId=numbered(lambda n: f"fake-post-{n:06}"),
        )
        failed = trait(status=SocialPostStatus.FAILED, errorMessage="The network was busy")

    post = parent("pulse.social.SocialPostFactory")
    account = parent("pulse.social.SocialAccountFactory")
    status = SocialPostStatus.DRAFT
    seat = afterwards(_join)
