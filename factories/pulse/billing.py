"""Tokens that are earned and spent, what is paid for them, vouchers and referrals.

A balance is the sum of its transactions, and each of them carries the balance up to it; a voucher
counts its redemptions. Whoever adds one more here brings the other up to date.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from factory.base import Factory
from sqlalchemy import func, select

from factories.declared import (
    afterwards,
    children,
    derived,
    later,
    moment,
    numbered,
    parent,
    picked,
    same_as,
    trait,
)
from factories.pulse.base import DAY, LONG_AGO, SOON, stored
from schema.pulse import (
    Referral,
    StripePayment,
    Subscription,
    SubscriptionPlan,
    TokensPackage,
    TokenTransaction,
    UserTokenBalance,
    Voucher,
    VoucherRedemption,
)
from schema.pulse.billing import (
    ReferralStatus,
    StripePaymentStatus,
    SubscriptionStatus,
    SubscriptionTier,
    TokenTransactionType,
    VoucherStatus,
    VoucherType,
)

_MONTH = 30 * DAY
_SPENT = 40
_TRANSACTION = "pulse.billing.TokenTransactionFactory"


def bought(number: int) -> int:
    """The tokens that a user bought, and all they have."""
    return 100 * (number % 50 + 1)


def _held(user: Any) -> int:
    """Return the sum of a user's transactions; of one not stored there are none."""
    session = stored(user)
    if session is None:
        return 0
    asked = select(func.sum(TokenTransaction.amount)).where(TokenTransaction.userId == user.id)
    return int(session.scalar(asked) or 0)


def _carried(row: Any, _number: int) -> int:
    _ = row.earlier  # what was bought before comes first
    return _held(row.user) + int(row.amount)


def _when(row: Any, number: int) -> datetime:
    if row.earlier is not None:
        after: datetime = row.earlier.createdAt
        return after + timedelta(seconds=1)
    return LONG_AGO + timedelta(minutes=number % 100_000)


def _balance(transaction: Any) -> None:
    """Bring the user's balance up to date."""
    session, user = stored(transaction), transaction.user
    balance = session.scalar(select(UserTokenBalance).where(UserTokenBalance.userId == user.id))
    if balance is None:
        balance = UserTokenBalance(user=user)
        session.add(balance)
    balance.balance = _held(user)


def _sum(balance: Any) -> None:
    balance.balance = _held(balance.user)


def _count(voucher: Any) -> None:
    voucher.currentUses = len(voucher.redemptions)
    if voucher.maxUses is not None and voucher.currentUses >= voucher.maxUses:
        voucher.maxUses = voucher.currentUses
        voucher.status = VoucherStatus.DEPLETED


def _redeem(redemption: Any) -> None:
    _count(redemption.voucher)


class UserTokenBalanceFactory(Factory[UserTokenBalance]):
    """A balance that its transactions explain; `transactions=3` gives it three."""

    class Meta:
        """What is made."""

        model = UserTokenBalance

    class Params:
        """States that a balance is tested in."""

        empty = trait(balance=0, transactions=children(_TRANSACTION, "", 0))
        premium = trait(tier=SubscriptionTier.PREMIUM)

    user = parent("pulse.accounts.UserFactory")
    balance = numbered(bought)
    lastRegeneration = moment()
    tier = SubscriptionTier.FREE
    transactions = children(_TRANSACTION, "", 1, user=same_as("..user"))
    total = afterwards(_sum)


class TokenTransactionFactory(Factory[TokenTransaction]):
    """A purchase."""

    class Meta:
        """What is made."""

        model = TokenTransaction
        exclude = ("earlier",)

    class Params:
        """Why tokens moved."""

        bonus = trait(type=TokenTransactionType.EARN_BONUS, source="referral", amount=50)
        spent = trait(
            type=TokenTransactionType.SPEND_ENHANCEMENT,
            source="enhancement",
            amount=-_SPENT,
            earlier=parent("pulse.billing.TokenTransactionFactory", user=same_as("..user")),
        )
        refunded = trait(type=TokenTransactionType.REFUND, source="enhancement", amount=_SPENT)

    user = parent("pulse.accounts.UserFactory")
    earlier = None
    amount = numbered(bought)
    balanceAfter = derived(_carried)
    type = TokenTransactionType.EARN_PURCHASE
    source = "stripe"
    metadata_ = numbered(lambda n: {"receipt": f"fake-receipt-{n:06}"})
    createdAt = derived(_when)
    total = afterwards(_balance)


class TokensPackageFactory(Factory[TokensPackage]):
    """A bundle on sale."""

    class Meta:
        """What is made."""

        model = TokensPackage

    class Params:
        """Whether it is on sale."""

        withdrawn = trait(active=False)

    name = picked({"Starter": 2, "Studio": 1})
    tokens = picked({100: 2, 1000: 1})
    priceUSD = derived(lambda row, _: Decimal(row.tokens) / 20)
    stripePriceId = numbered(lambda n: f"fake-price-{n:06}")
    active = True
    sortOrder = numbered(lambda n: n % 10)


class StripePaymentFactory(Factory[StripePayment]):
    """A payment that came through."""

    class Meta:
        """What is made."""

        model = StripePayment

    class Params:
        """Where a payment stands."""

        pending = trait(status=StripePaymentStatus.PENDING, tokensGranted=0)
        failed = trait(status=StripePaymentStatus.FAILED, tokensGranted=0)
        refunded = trait(status=StripePaymentStatus.REFUNDED)

    tokensGranted = 100
    amountUSD = Decimal("5.00")
    stripePaymentIntentId = numbered(lambda n: f"fake-intent-{n:06}")
    status = StripePaymentStatus.SUCCEEDED
    metadata_ = numbered(lambda n: {"checkout": f"fake-checkout-{n:06}"})


class SubscriptionFactory(Factory[Subscription]):
    """A plan in its paid period."""

    class Meta:
        """What is made."""

        model = Subscription

    class Params:
        """The state of a subscription."""

        trial = trait(
            status=SubscriptionStatus.TRIALING, currentPeriodEnd=later("currentPeriodStart", _MONTH)
        )
        past_due = trait(status=SubscriptionStatus.PAST_DUE)
        expired = trait(
            status=SubscriptionStatus.UNPAID,
            currentPeriodStart=moment(LONG_AGO),
            currentPeriodEnd=later("currentPeriodStart", _MONTH),
        )
        cancelled = trait(status=SubscriptionStatus.CANCELED, cancelAtPeriodEnd=True)
        downgrading = trait(tier=SubscriptionTier.PREMIUM, downgradeTo=SubscriptionTier.BASIC)

    stripeSubscriptionId = numbered(lambda n: f"fake-subscription-{n:06}")
    stripePriceId = "fake-price-monthly"
    status = SubscriptionStatus.ACTIVE
    tier = SubscriptionTier.STANDARD
    currentPeriodStart = moment(seconds=_MONTH)
    currentPeriodEnd = SOON
    cancelAtPeriodEnd = False
    downgradeTo = None
    tokensPerMonth = 1000
    rolloverTokens = numbered(lambda n: n % 200)
    maxRollover = 500


class SubscriptionPlanFactory(Factory[SubscriptionPlan]):
    """A plan on sale."""

    class Meta:
        """What is made."""

        model = SubscriptionPlan

    class Params:
        """What is different about a plan."""

        withdrawn = trait(active=False)
        for_programs = trait(apiAccess=True, priority=True)

    name = numbered(lambda n: f"Plan {n}")
    tokensPerMonth = 1000
    priceGBP = Decimal("9.00")
    stripePriceId = numbered(lambda n: f"fake-plan-price-{n:06}")
    maxRollover = 500
    active = True


class VoucherFactory(Factory[Voucher]):
    """A voucher that one user has redeemed and others still can; `redemptions=3` counts three."""

    class Meta:
        """What is made."""

        model = Voucher

    class Params:
        """Whether a voucher can be used."""

        redeemed = trait(
            redemptions=children("pulse.billing.VoucherRedemptionFactory", "voucher", 3)
        )
        depleted = trait(
            maxUses=2,
            redemptions=children("pulse.billing.VoucherRedemptionFactory", "voucher", 2),
        )
        expired = trait(status=VoucherStatus.EXPIRED, expiresAt=moment(LONG_AGO))
        unused = trait(
            currentUses=0,
            redemptions=children("pulse.billing.VoucherRedemptionFactory", "voucher", 0),
        )
        unlimited = trait(maxUses=None, expiresAt=None)

    code = numbered(lambda number: f"WELCOME-{number:04}")
    type = VoucherType.FIXED_TOKENS
    value = 50
    maxUses = 10
    currentUses = 1
    expiresAt = SOON
    status = VoucherStatus.ACTIVE
    metadata_ = numbered(lambda n: {"campaign": f"launch-{n % 5}"})
    redemptions = children("pulse.billing.VoucherRedemptionFactory", "voucher", 1)
    uses = afterwards(_count)


class VoucherRedemptionFactory(Factory[VoucherRedemption]):
    """A use of a voucher, by another user each time."""

    class Meta:
        """What is made."""

        model = VoucherRedemption

    user = parent("pulse.accounts.UserFactory")
    tokensGranted = 50
    redeemedAt = moment()
    uses = afterwards(_redeem)


class ReferralFactory(Factory[Referral]):
    """One user who has brought another, who has yet to do something."""

    class Meta:
        """What is made."""

        model = Referral

    class Params:
        """Where a referral stands."""

        completed = trait(
            status=ReferralStatus.COMPLETED, tokensGranted=100, completedAt=later("createdAt", DAY)
        )
        invalid = trait(status=ReferralStatus.INVALID)

    referrer = parent("pulse.accounts.UserFactory", referralCount=1)
    referee = parent("pulse.accounts.UserFactory", referredBy=same_as("..referrer"))
    status = ReferralStatus.PENDING
    tokensGranted = 0
    ipAddress = numbered(lambda n: f"192.0.2.{n % 250}")
    createdAt = moment()
    completedAt = None
