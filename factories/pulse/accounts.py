"""Users, how they sign in, and what was sent to them. No secret is one: all say fake."""

from factory.base import Factory

from factories.declared import fake, later, moment, numbered, parent, picked, trait
from factories.pulse.base import DAY, LONG_AGO, SOON
from schema.pulse import (
    Account,
    ApiKey,
    EmailLog,
    Feedback,
    Identifier,
    Identity,
    Session,
    User,
    VerificationToken,
)
from schema.pulse.accounts import (
    EmailStatus,
    FeedbackStatus,
    FeedbackType,
    IdentifierType,
    UserRole,
)


class UserFactory(Factory[User]):
    """A person who has confirmed the address and signs in with a password."""

    class Meta:
        """What is made."""

        model = User

    class Params:
        """States that a user is tested in."""

        verified = trait(emailVerified=later("createdAt", DAY))
        unverified = trait(emailVerified=None)
        admin = trait(role=UserRole.ADMIN)
        super_admin = trait(role=UserRole.SUPER_ADMIN)
        anonymous = trait(name=None, email=None, emailVerified=None, passwordHash=None)
        paying = trait(stripeCustomerId=numbered(lambda n: f"fake-customer-{n:06}"))
        referred = trait(referredBy=parent("pulse.accounts.UserFactory", referralCount=1))

    name = fake("name")
    email = numbered(lambda n: f"user{n:06}@example.com")
    createdAt = moment()
    emailVerified = later("createdAt", DAY)
    image = numbered(lambda n: f"https://cdn.example.com/portraits/{n:06}.webp")
    stripeCustomerId = None
    role = UserRole.USER
    referralCode = numbered(lambda n: f"FRIEND{n:06}")
    referralCount = 0
    passwordHash = numbered(lambda n: f"fake-hash-{n:06}")
    updatedAt = later("createdAt", DAY)


class AccountFactory(Factory[Account]):
    """A sign-in at a provider, with tokens that open nothing."""

    class Meta:
        """What is made."""

        model = Account

    class Params:
        """States that a sign-in is tested in."""

        expired = trait(expires_at=1_700_000_000)
        without_refresh = trait(refresh_token=None)

    type = "oauth"
    provider = picked({"google": 3, "github": 1})
    providerAccountId = numbered(lambda n: f"fake-account-{n:06}")
    refresh_token = numbered(lambda n: f"fake-refresh-token-{n:06}")
    access_token = numbered(lambda n: f"fake-access-token-{n:06}")
    expires_at = 1_900_000_000
    token_type = "bearer"
    scope = "openid profile email"
    id_token = None
    session_state = None


class SessionFactory(Factory[Session]):
    """A browser that is still signed in."""

    class Meta:
        """What is made."""

        model = Session

    class Params:
        """States that a session is tested in."""

        expired = trait(expires=moment(LONG_AGO))

    sessionToken = numbered(lambda n: f"fake-session-token-{n:06}")
    expires = SOON


class VerificationTokenFactory(Factory[VerificationToken]):
    """A token that proves an address."""

    class Meta:
        """What is made."""

        model = VerificationToken

    class Params:
        """States that a token is tested in."""

        expired = trait(expires=moment(LONG_AGO))

    identifier = numbered(lambda n: f"user{n:06}@example.com")
    token = numbered(lambda n: f"fake-token-{n:06}")
    expires = SOON


class ApiKeyFactory(Factory[ApiKey]):
    """A key that a program uses."""

    class Meta:
        """What is made."""

        model = ApiKey

    class Params:
        """States that a key is tested in."""

        revoked = trait(isActive=False)
        never_used = trait(lastUsedAt=None)

    name = fake("catch_phrase")
    keyHash = numbered(lambda n: f"fake-hash-{n:06}")
    keyPrefix = "fake_"
    isActive = True
    createdAt = moment()
    lastUsedAt = later("createdAt", DAY)
    updatedAt = later("createdAt", DAY)


class IdentityFactory(Factory[Identity]):
    """A visitor who has not signed up."""

    class Meta:
        """What is made."""

        model = Identity

    class Params:
        """States that an identity is tested in."""

        signed_up = trait(user=parent("pulse.accounts.UserFactory"))

    createdAt = moment()
    updatedAt = later("createdAt", DAY)


class IdentifierFactory(Factory[Identifier]):
    """A trace of a visitor."""

    class Meta:
        """What is made."""

        model = Identifier

    class Params:
        """What a trace is."""

        address = trait(
            type=IdentifierType.EMAIL, value=numbered(lambda n: f"visitor{n:06}@example.com")
        )

    type = IdentifierType.VISITOR_ID
    value = numbered(lambda n: f"visitor-{n:06}")


class EmailLogFactory(Factory[EmailLog]):
    """A message that was delivered."""

    class Meta:
        """What is made."""

        model = EmailLog

    class Params:
        """How far a message got."""

        pending = trait(status=EmailStatus.PENDING, resendId=None)
        opened = trait(status=EmailStatus.OPENED, openedAt=later("sentAt", DAY))
        bounced = trait(status=EmailStatus.BOUNCED, bouncedAt=later("sentAt", 60))
        failed = trait(status=EmailStatus.FAILED, resendId=None)

    to = numbered(lambda n: f"user{n:06}@example.com")
    subject = picked({"Your tokens are back": 2, "Your order is on its way": 1})
    template = picked({"tokens": 2, "order-shipped": 1})
    status = EmailStatus.DELIVERED
    resendId = numbered(lambda n: f"fake-message-{n:06}")
    sentAt = moment()
    openedAt = None
    clickedAt = None
    bouncedAt = None
    metadata_ = numbered(lambda n: {"campaign": "lifecycle", "attempt": n % 3 + 1})


class FeedbackFactory(Factory[Feedback]):
    """A report that nobody has looked at."""

    class Meta:
        """What is made."""

        model = Feedback

    class Params:
        """What a report is about, and where it stands."""

        bug = trait(type=FeedbackType.BUG)
        resolved = trait(status=FeedbackStatus.RESOLVED, adminNote="Mended in the last release")
        signed_in = trait(user=True, email=None)

    email = numbered(lambda n: f"visitor{n:06}@example.com")
    type = FeedbackType.IDEA
    message = "A calendar by week would help"
    page = "/calendar"
    userAgent = fake("user_agent")
    status = FeedbackStatus.NEW
    adminNote = None
