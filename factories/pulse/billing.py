"""Balances, their one transaction, and vouchers that were redeemed once."""

from factory.base import Factory

from factories.pulse.base import numbered
from schema.pulse import TokenTransaction, UserTokenBalance, Voucher
from schema.pulse.billing import TokenTransactionType, VoucherStatus, VoucherType


def bought(number: int) -> int:
    """The tokens that a user bought, and all they have."""
    return 100 * (number % 50 + 1)


class UserTokenBalanceFactory(Factory[UserTokenBalance]):
    """A balance that its only transaction explains."""

    class Meta:
        """What is made."""

        model = UserTokenBalance

    balance = numbered(bought)


class TokenTransactionFactory(Factory[TokenTransaction]):
    """A purchase on an empty balance."""

    class Meta:
        """What is made."""

        model = TokenTransaction

    amount = numbered(bought)
    balanceAfter = numbered(bought)
    type = TokenTransactionType.EARN_PURCHASE
    source = "stripe"


class VoucherFactory(Factory[Voucher]):
    """A voucher that one user has redeemed and others still can."""

    class Meta:
        """What is made."""

        model = Voucher

    code = numbered(lambda number: f"WELCOME-{number:04}")
    type = VoucherType.FIXED_TOKENS
    value = 50
    maxUses = 10
    currentUses = 1
    status = VoucherStatus.ACTIVE
