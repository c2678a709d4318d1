"""Orders of one line, paid in full."""

from decimal import Decimal

from factory.base import Factory

from factories.pulse.base import numbered
from schema.pulse import MerchOrder, MerchOrderItem

POSTAGE = Decimal("3.95")


def pieces(number: int) -> int:
    """How many are ordered."""
    return number % 3 + 1


def price(number: int) -> Decimal:
    """What one costs."""
    return Decimal(1200 + 50 * (number % 20)) / 100


def price_of_line(number: int) -> Decimal:
    """What all of them cost."""
    return pieces(number) * price(number)


class MerchOrderFactory(Factory[MerchOrder]):
    """An order whose subtotal is its one line."""

    class Meta:
        """What is made."""

        model = MerchOrder

    orderNumber = numbered(lambda number: f"M-{number:06}")
    subtotal = numbered(price_of_line)
    shippingCost = POSTAGE
    taxAmount = Decimal(0)
    totalAmount = numbered(lambda number: price_of_line(number) + POSTAGE)
    currency = "GBP"


class MerchOrderItemFactory(Factory[MerchOrderItem]):
    """The line of such an order."""

    class Meta:
        """What is made."""

        model = MerchOrderItem

    quantity = numbered(pieces)
    unitPrice = numbered(price)
    totalPrice = numbered(price_of_line)
