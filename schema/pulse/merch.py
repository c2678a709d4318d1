"""Merch: a shop of products printed on demand, from catalogue to parcel."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    Base,
    Created,
    Identified,
    JsonObject,
    Money,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import User
    from schema.pulse.imaging import EnhancedImage


@database_enum
class MerchOrderStatus(StrEnum):
    """Where an order stands."""

    PENDING = "PENDING"
    PAYMENT_PENDING = "PAYMENT_PENDING"
    PAID = "PAID"
    SUBMITTED = "SUBMITTED"
    IN_PRODUCTION = "IN_PRODUCTION"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"


@database_enum
class PodProvider(StrEnum):
    """Who prints and sends."""

    PRODIGI = "PRODIGI"
    PRINTFUL = "PRINTFUL"


@database_enum
class ShipmentStatus(StrEnum):
    """Where a parcel is."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SHIPPED = "SHIPPED"
    IN_TRANSIT = "IN_TRANSIT"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class MerchCategory(Identified, Created, Updated, Base):
    """A shelf of the shop."""

    __tablename__ = "merch_categories"
    __table_args__ = (Index(None, "isActive", "sortOrder"),)

    name: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]
    icon: Mapped[str | None]
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))
    isActive: Mapped[bool] = mapped_column(server_default=true())

    products: Mapped[list["MerchProduct"]] = relationship(
        back_populates="category", passive_deletes="all"
    )


class MerchProduct(Identified, Created, Updated, Base):
    """A product that a picture can be printed on."""

    __tablename__ = "merch_products"
    __table_args__ = (
        Index(None, "categoryId", "isActive"),
        Index(None, "provider", "providerSku"),
        Index(None, "isActive", "sortOrder"),
    )

    name: Mapped[str]
    description: Mapped[str | None]
    categoryId: Mapped[str] = mapped_column(reference("merch_categories.id", ondelete="RESTRICT"))
    provider: Mapped[PodProvider]
    providerSku: Mapped[str]
    basePrice: Mapped[Money]
    retailPrice: Mapped[Money]
    currency: Mapped[str] = mapped_column(server_default="GBP")
    isActive: Mapped[bool] = mapped_column(server_default=true())
    minDpi: Mapped[int] = mapped_column(server_default=text("150"))
    minWidth: Mapped[int] = mapped_column(server_default=text("1800"))
    minHeight: Mapped[int] = mapped_column(server_default=text("1800"))
    printAreaWidth: Mapped[int | None]
    printAreaHeight: Mapped[int | None]
    mockupTemplate: Mapped[str | None]
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))

    category: Mapped["MerchCategory"] = relationship(back_populates="products")
    variants: Mapped[list["MerchVariant"]] = relationship(
        back_populates="product", passive_deletes="all"
    )
    cartItems: Mapped[list["MerchCartItem"]] = relationship(
        back_populates="product", passive_deletes="all"
    )
    orderItems: Mapped[list["MerchOrderItem"]] = relationship(
        back_populates="product", passive_deletes="all"
    )


class MerchVariant(Identified, Created, Updated, Base):
    """A size or colour of a product and what it adds to the price."""

    __tablename__ = "merch_variants"
    __table_args__ = (Index(None, "productId", "isActive"),)

    productId: Mapped[str] = mapped_column(reference("merch_products.id", ondelete="CASCADE"))
    name: Mapped[str]
    providerSku: Mapped[str]
    priceDelta: Mapped[Money] = mapped_column(server_default=text("0"))
    isActive: Mapped[bool] = mapped_column(server_default=true())
    attributes: Mapped[JsonObject | None]

    product: Mapped["MerchProduct"] = relationship(back_populates="variants")
    cartItems: Mapped[list["MerchCartItem"]] = relationship(
        back_populates="variant", passive_deletes="all"
    )
    orderItems: Mapped[list["MerchOrderItem"]] = relationship(
        back_populates="variant", passive_deletes="all"
    )


class MerchCart(Identified, Created, Updated, Base):
    """A user's shopping cart, one each."""

    __tablename__ = "merch_carts"

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"), unique=True)

    user: Mapped["User"] = relationship()
    items: Mapped[list["MerchCartItem"]] = relationship(
        back_populates="cart", passive_deletes="all"
    )


class MerchCartItem(Identified, Created, Updated, Base):
    """A product in a cart with the picture to print."""

    __tablename__ = "merch_cart_items"
    __table_args__ = (
        UniqueConstraint("cartId", "productId", "variantId", "imageId", "uploadedImageR2Key"),
    )

    cartId: Mapped[str] = mapped_column(reference("merch_carts.id", ondelete="CASCADE"), index=True)
    productId: Mapped[str] = mapped_column(
        reference("merch_products.id", ondelete="RESTRICT"), index=True
    )
    variantId: Mapped[str | None] = mapped_column(
        reference("merch_variants.id", ondelete="SET NULL")
    )
    imageId: Mapped[str | None] = mapped_column(
        reference("enhanced_images.id", ondelete="SET NULL")
    )
    uploadedImageR2Key: Mapped[str | None]
    uploadedImageUrl: Mapped[str | None]
    quantity: Mapped[int] = mapped_column(server_default=text("1"))
    customText: Mapped[str | None]

    cart: Mapped["MerchCart"] = relationship(back_populates="items")
    product: Mapped["MerchProduct"] = relationship(back_populates="cartItems")
    variant: Mapped["MerchVariant | None"] = relationship(back_populates="cartItems")
    image: Mapped["EnhancedImage | None"] = relationship()


class MerchOrder(Identified, Created, Updated, Base):
    """An order: its sums, its addresses, where it stands."""

    __tablename__ = "merch_orders"
    __table_args__ = (
        Index(None, "userId", "createdAt"),
        Index(None, "orderNumber"),
        Index(None, "stripePaymentIntentId"),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="RESTRICT"))
    orderNumber: Mapped[str] = mapped_column(unique=True)
    status: Mapped[MerchOrderStatus] = mapped_column(
        server_default=MerchOrderStatus.PENDING, index=True
    )
    subtotal: Mapped[Money]
    shippingCost: Mapped[Money]
    taxAmount: Mapped[Money] = mapped_column(server_default=text("0"))
    totalAmount: Mapped[Money]
    currency: Mapped[str] = mapped_column(server_default="GBP")
    stripePaymentIntentId: Mapped[str | None] = mapped_column(unique=True)
    stripePaymentStatus: Mapped[str | None]
    shippingAddress: Mapped[JsonObject]
    billingAddress: Mapped[JsonObject | None]
    customerEmail: Mapped[str]
    customerPhone: Mapped[str | None]
    notes: Mapped[str | None]
    paidAt: Mapped[datetime | None]

    user: Mapped["User"] = relationship()
    shipments: Mapped[list["MerchShipment"]] = relationship(
        back_populates="order", passive_deletes="all"
    )
    items: Mapped[list["MerchOrderItem"]] = relationship(
        back_populates="order", passive_deletes="all"
    )
    events: Mapped[list["MerchOrderEvent"]] = relationship(
        back_populates="order", passive_deletes="all"
    )


class MerchShipment(Identified, Created, Updated, Base):
    """A parcel of an order, by the printer that sends it."""

    __tablename__ = "merch_shipments"

    orderId: Mapped[str] = mapped_column(
        reference("merch_orders.id", ondelete="CASCADE"), index=True
    )
    provider: Mapped[PodProvider]
    providerShipId: Mapped[str | None]
    carrier: Mapped[str | None]
    trackingNumber: Mapped[str | None] = mapped_column(index=True)
    trackingUrl: Mapped[str | None]
    status: Mapped[ShipmentStatus] = mapped_column(server_default=ShipmentStatus.PENDING)
    shippedAt: Mapped[datetime | None]
    deliveredAt: Mapped[datetime | None]

    order: Mapped["MerchOrder"] = relationship(back_populates="shipments")
    orderItems: Mapped[list["MerchOrderItem"]] = relationship(
        back_populates="shipment", passive_deletes="all"
    )


class MerchOrderItem(Identified, Created, Updated, Base):
    """A line of an order, with names and prices as they were when it was placed."""

    __tablename__ = "merch_order_items"

    orderId: Mapped[str] = mapped_column(
        reference("merch_orders.id", ondelete="CASCADE"), index=True
    )
    productId: Mapped[str] = mapped_column(reference("merch_products.id", ondelete="RESTRICT"))
    variantId: Mapped[str | None] = mapped_column(
        reference("merch_variants.id", ondelete="SET NULL")
    )
    productName: Mapped[str]
    variantName: Mapped[str | None]
    imageUrl: Mapped[str]
    imageR2Key: Mapped[str]
    quantity: Mapped[int]
    unitPrice: Mapped[Money]
    totalPrice: Mapped[Money]
    customText: Mapped[str | None]
    podOrderId: Mapped[str | None] = mapped_column(index=True)
    podStatus: Mapped[str | None]
    shipmentId: Mapped[str | None] = mapped_column(
        reference("merch_shipments.id", ondelete="SET NULL")
    )

    order: Mapped["MerchOrder"] = relationship(back_populates="items")
    product: Mapped["MerchProduct"] = relationship(back_populates="orderItems")
    variant: Mapped["MerchVariant | None"] = relationship(back_populates="orderItems")
    shipment: Mapped["MerchShipment | None"] = relationship(back_populates="orderItems")


class MerchOrderEvent(Identified, Created, Base):
    """One thing that happened to an order."""

    __tablename__ = "merch_order_events"
    __table_args__ = (Index(None, "orderId", "createdAt"),)

    orderId: Mapped[str] = mapped_column(reference("merch_orders.id", ondelete="CASCADE"))
    type: Mapped[str]
    data: Mapped[JsonObject | None]

    order: Mapped["MerchOrder"] = relationship(back_populates="events")


class MerchWebhookEvent(Identified, Created, Base):
    """A call of a printer or payment service, kept so that it is handled once."""

    __tablename__ = "merch_webhook_events"
    __table_args__ = (
        Index(None, "provider", "eventType"),
        Index(None, "processed", "createdAt"),
    )

    provider: Mapped[str]
    eventId: Mapped[str] = mapped_column(unique=True)
    eventType: Mapped[str]
    processed: Mapped[bool] = mapped_column(server_default=false())
    payload: Mapped[JsonObject]
    processedAt: Mapped[datetime | None]
