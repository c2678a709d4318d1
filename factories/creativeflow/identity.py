"""Accounts, sessions, social media connections and API clients. No secret is one: all say fake."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from factory.base import Factory

from factories.creativeflow.base import credit_amount
from factories.declared import (
    WRITTEN_BEFORE,
    derived,
    fake,
    later,
    moment,
    numbered,
    picked,
    trait,
)
from schema.creativeflow import APIClient, Session, SocialMediaConnection, User

_DAY = 24 * 3600
_LONG_AGO = WRITTEN_BEFORE - timedelta(days=400)
_NETWORKS = ("Instagram", "Facebook", "LinkedIn", "Twitter", "Pinterest", "TikTok")


def _unless_social(row: Any, number: int) -> str | None:
    return f"fake-hash-{number:06}" if row.social_provider is None else None


class UserFactory(Factory[User]):
    """Most accounts have a password, some a social provider; most are on the free plan."""

    class Meta:
        """What is made."""

        model = User

    class Params:
        """States that an account is tested in."""

        verified = trait(is_email_verified=True)
        unverified = trait(is_email_verified=False, last_login_at=None)
        free = trait(subscription_tier="Free")
        pro = trait(subscription_tier="Pro")
        team = trait(subscription_tier="Team")
        enterprise = trait(subscription_tier="Enterprise")
        social = trait(social_provider="google")
        local = trait(social_provider=None)
        with_second_factor = trait(mfa_enabled=True)
        out_of_credits = trait(credit_balance=Decimal("0.00"))
        resetting_password = trait(
            social_provider=None,
            password_reset_token=numbered(lambda n: f"fake-token-{n:06}"),
            password_reset_expires=later("updated_at", 3600),
        )
        soft_deleted = trait(deleted_at=later("updated_at", _DAY))

    email = numbered(lambda n: f"user{n:06}@example.org")
    social_provider = picked({None: 7, "google": 2, "facebook": 1, "apple": 1})
    social_provider_id = derived(
        lambda row, n: row.social_provider and f"fake-{row.social_provider}-{n:06}"
    )
    password_hash = derived(_unless_social)
    is_email_verified = picked({True: 9, False: 1})
    email_verification_token = derived(
        lambda row, n: None if row.is_email_verified else f"fake-token-{n:06}"
    )
    password_reset_token = None
    password_reset_expires = None
    full_name = fake("name")
    username = numbered(lambda n: f"user{n:06}")
    profile_picture_url = numbered(lambda n: f"https://cdn.example.org/portraits/{n:06}.webp")
    language_preference = picked({"en-US": 6, "de-DE": 2, "fr-FR": 1, "ja-JP": 1})
    timezone = picked({"UTC": 4, "Europe/Berlin": 3, "America/New_York": 2, "Asia/Tokyo": 1})
    mfa_enabled = picked({False: 3, True: 1})
    mfa_secret = derived(lambda row, n: f"fake-seed-{n:06}" if row.mfa_enabled else None)
    subscription_tier = picked({"Free": 6, "Pro": 3, "Team": 2, "Enterprise": 1})
    credit_balance = credit_amount(500)
    created_at = moment()
    updated_at = later("created_at", _DAY)
    deleted_at = None
    last_login_at = later("created_at", _DAY)
    ui_settings = numbered(
        lambda n: {
            "theme": ("dark", "light")[n % 2],
            "density": "compact",
            "sidebar": {"open": True},
        }
    )


class SessionFactory(Factory[Session]):
    """A browser that is still signed in."""

    class Meta:
        """What is made."""

        model = Session

    class Params:
        """States that a session is tested in."""

        expired = trait(created_at=moment(_LONG_AGO))
        mobile = trait(device_info="Safari on iPhone")

    device_info = picked({"Firefox on Linux": 1, "Safari on iPhone": 2, "Chrome on Windows": 3})
    ip_address = fake("ipv4_private")
    user_agent = fake("user_agent")
    created_at = moment()
    last_activity = later("created_at", _DAY)
    expires_at = later("last_activity", 14 * _DAY)


class SocialMediaConnectionFactory(Factory[SocialMediaConnection]):
    """An account on a network, with tokens that open nothing."""

    class Meta:
        """What is made."""

        model = SocialMediaConnection

    class Params:
        """States that a connection is tested in."""

        expired = trait(created_at=moment(_LONG_AGO))
        without_refresh = trait(refresh_token=None, expires_at=None)

    # By turns: one user's accounts made one after the other are on different networks.
    platform = numbered(lambda n: _NETWORKS[n % len(_NETWORKS)])
    external_user_id = numbered(lambda n: f"fake-account-{n:06}")
    access_token = numbered(lambda n: f"fake-access-token-{n:06}")
    refresh_token = numbered(lambda n: f"fake-refresh-token-{n:06}")
    created_at = moment()
    updated_at = later("created_at", _DAY)
    expires_at = later("created_at", 60 * _DAY)


class APIClientFactory(Factory[APIClient]):
    """A developer's credentials."""

    class Meta:
        """What is made."""

        model = APIClient

    class Params:
        """States that a client is tested in."""

        active = trait(is_active=True)
        revoked = trait(is_active=False)
        read_only = trait(permissions={"scopes": ["assets:read"], "per_minute": 60})

    name = fake("catch_phrase")
    api_key = numbered(lambda n: f"fake-key-{n:06}")
    secret_hash = numbered(lambda n: f"fake-hash-{n:06}")
    permissions = numbered(lambda n: {"scopes": ["generate", "assets:read"], "per_minute": 60 + n})
    is_active = picked({True: 9, False: 1})
    created_at = moment()
    updated_at = later("created_at", _DAY)
