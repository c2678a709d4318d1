"""The shop: what is on its shelves, in carts and in orders, whose lines add up to their sums."""

from decimal import Decimal
from typing import Any

from factory.base import Factory

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
from factories.pulse.base import DAY
from schema.pulse import (
    MerchCartItem,
    MerchCategory,
    MerchOrder,
    MerchOrderEvent,
    MerchOrderItem,
    MerchProduct,
    MerchShipment,
    MerchVariant,
    MerchWebhookEvent,
)
from schema.pulse.merch import MerchOrderStatus, PodProvider, ShipmentStatus

POSTAGE = Decimal("3.95")
_EVENT = "pulse.merch.MerchOrderEventFactory"
_SHIPMENT = "pulse.merch.MerchShipmentFactory"


def pieces(number: int) -> int:
    """How many are ordered."""
    return number % 3 + 1


def price(number: int) -> Decimal:
    """What one costs."""
    return Decimal(1200 + 50 * (number % 20)) / 100


def price_of_line(number: int) -> Decimal:
    """What all of them cost."""
    return pieces(number) * price(number)


def _add_up(order: Any) -> None:
    order.subtotal = sum((item.totalPrice for item in order.items), Decimal(0))
    order.totalAmount = order.subtotal + order.shippingCost + order.taxAmount


def _add_up_its_order(item: Any) -> None:
    _add_up(item.order)


def _address(number: int) -> dict[str, object]:
    return {
        "name": f"Customer {number}",
        "line1": f"{number % 90 + 1} High Street",
        "city": "Sampletown",
        "postcode": "ZZ1 1ZZ",
        "country": "GB",
    }


class MerchCategoryFactory(Factory[MerchCategory]):
    """A shelf."""

    class Meta:
        """What is made."""

        model = MerchCategory

    class Params:
        """Whether it is shown."""

        hidden = trait(isActive=False)

    name = numbered(lambda n: f"Shirts {n}")
    slug = numbered(lambda n: f"shirts-{n}")
    icon = "shirt"
    isActive = True
    sortOrder = numbered(lambda n: n % 10)


class MerchProductFactory(Factory[MerchProduct]):
    """A product that can be ordered; `variants=3` gives it three sizes."""

    class Meta:
        """What is made."""

        model = MerchProduct

    class Params:
        """What is different about a product."""

        withdrawn = trait(isActive=False)
        in_sizes = trait(variants=children("pulse.merch.MerchVariantFactory", "product", 3))

    name = phrase("Shirt|Mug|Poster|Bag", "with a picture|with a quote")
    provider = PodProvider.PRODIGI
    providerSku = numbered(lambda n: f"SKU-{n:06}")
    basePrice = Decimal("8.00")
    retailPrice = numbered(price)
    currency = "GBP"
    isActive = True
    minDpi = 150
    variants = children("pulse.merch.MerchVariantFactory", "product")


class MerchVariantFactory(Factory[MerchVariant]):
    """A size."""

    class Meta:
        """What is made."""

        model = MerchVariant

    class Params:
        """Whether it can be had."""

        sold_out = trait(isActive=False)

    name = picked({"M": 2, "S": 1, "L": 1})
    providerSku = numbered(lambda n: f"SKU-{n:06}-M")
    priceDelta = Decimal(0)
    isActive = True
    attributes = numbered(lambda n: {"size": "SML"[n % 3], "colour": "black"})


class MerchCartItemFactory(Factory[MerchCartItem]):
    """A product that somebody may order, with a picture that was uploaded."""

    class Meta:
        """What is made."""

        model = MerchCartItem

    class Params:
        """What is different about a line."""

        of_variant = trait(variant=True)

    uploadedImageR2Key = numbered(lambda n: f"uploads/{n:06}.png")
    uploadedImageUrl = numbered(lambda n: f"https://cdn.example.com/uploads/{n:06}.png")
    quantity = numbered(pieces)


class MerchOrderFactory(Factory[MerchOrder]):
    """An order whose subtotal is its lines; `items=3` gives it three."""

    class Meta:
        """What is made."""

        model = MerchOrder

    class Params:
        """Where an order stands."""

        paid = trait(
            status=MerchOrderStatus.PAID,
            paidAt=later("createdAt", DAY),
            stripePaymentStatus="succeeded",
            events=children(_EVENT, "order", 1, type="PAID"),
        )
        shipped = trait(
            status=MerchOrderStatus.SHIPPED,
            paidAt=later("createdAt", DAY),
            stripePaymentStatus="succeeded",
            shipments=children(_SHIPMENT, "order", 1, on_its_way=True),
        )
        delivered = trait(
            status=MerchOrderStatus.DELIVERED,
            paidAt=later("createdAt", DAY),
            stripePaymentStatus="succeeded",
            shipments=children(_SHIPMENT, "order", 1, delivered=True),
        )
        cancelled = trait(
            status=MerchOrderStatus.CANCELLED,
            stripePaymentStatus="canceled",
            events=children(_EVENT, "order", 1, type="CANCELLED"),
        )
        refunded = trait(
            status=MerchOrderStatus.REFUNDED,
            paidAt=later("createdAt", DAY),
            stripePaymentStatus="refunded",
            events=children(_EVENT, "order", 1, type="REFUNDED"),
        )

    orderNumber = numbered(lambda number: f"M-{number:06}")
    status = MerchOrderStatus.PENDING
    subtotal = numbered(price_of_line)
    shippingCost = POSTAGE
    taxAmount = Decimal(0)
    totalAmount = numbered(lambda number: price_of_line(number) + POSTAGE)
    currency = "GBP"
    stripePaymentIntentId = numbered(lambda n: f"fake-order-intent-{n:06}")
    stripePaymentStatus = "requires_payment_method"
    shippingAddress = numbered(_address)
    billingAddress = None
    customerEmail = numbered(lambda n: f"customer{n:06}@example.com")
    createdAt = moment()
    updatedAt = later("createdAt", DAY)
    paidAt = None
    items = children("pulse.merch.MerchOrderItemFactory", "order", 1)
    shipments = children(_SHIPMENT, "order")
    events = children(_EVENT, "order")
    sums = afterwards(_add_up)


class MerchOrderItemFactory(Factory[MerchOrderItem]):
    """A line of an order."""

    class Meta:
        """What is made."""

        model = MerchOrderItem

    class Params:
        """What is different about a line."""

        of_variant = trait(variant=True, variantName="M")
        in_parcel = trait(shipment=True, podStatus="SHIPPED")

    productName = "Shirt with a picture"
    imageUrl = numbered(lambda n: f"https://cdn.example.com/prints/{n:06}.png")
    imageR2Key = numbered(lambda n: f"prints/{n:06}.png")
    quantity = numbered(pieces)
    unitPrice = numbered(price)
    totalPrice = numbered(price_of_line)
    sums = afterwards(_add_up_its_order)


class MerchShipmentFactory(Factory[MerchShipment]):
    """A parcel that waits to be printed."""

    class Meta:
        """What is made."""

        model = MerchShipment

    class Params:
        """Where a parcel is."""

        on_its_way = trait(
            status=ShipmentStatus.IN_TRANSIT,
            shippedAt=moment(),
            trackingNumber=numbered(lambda n: f"FAKE{n:09}"),
        )
        delivered = trait(
            status=ShipmentStatus.DELIVERED,
            shippedAt=moment(),
            deliveredAt=later("shippedAt", 5 * DAY),
            trackingNumber=numbered(lambda n: f"FAKE{n:09}"),
        )
        lost = trait(status=ShipmentStatus.FAILED)

    order = parent("pulse.merch.MerchOrderFactory")
    provider = PodProvider.PRODIGI
    providerShipId = numbered(lambda n: f"fake-shipment-{n:06}")
    carrier = picked({"Royal Mail": 2, "DPD": 1})
    status = ShipmentStatus.PENDING
    shippedAt = None
    deliveredAt = None


class MerchOrderEventFactory(Factory[MerchOrderEvent]):
    """Something that happened to an order."""

    class Meta:
        """What is made."""

        model = MerchOrderEvent

    order = parent("pulse.merch.MerchOrderFactory")
    type = "CREATED"
    data = numbered(lambda n: {"by": "system", "note": f"event {n}"})


class MerchWebhookEventFactory(Factory[MerchWebhookEvent]):
    """A call that was not handled yet."""

    class Meta:
        """What is made."""

        model = MerchWebhookEvent

    class Params:
        """Whether it was handled."""

        handled = trait(processed=True, processedAt=later("createdAt", 60))

    provider = "stripe"
    eventId = numbered(lambda n: f"fake-event-{n:06}")
    eventType = "payment_intent.succeeded"
    processed = False
    payload = numbered(
        lambda n: {
            "id": f"fake-event-{n:06}",
            "type": "payment_intent.succeeded",
            "live": False,
        }
    )
    createdAt = moment()
    processedAt = None
