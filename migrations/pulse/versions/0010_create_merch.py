"""Sell prints.

10 new tables. Making the foreign keys locks enhanced_images and users against writes for an
instant. The downgrade loses every row of them.

Revision ID: 0010
Revises: 0009
Create Date: 2025-04-30 17:20:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum(
        "MerchOrderStatus",
        "PENDING",
        "PAYMENT_PENDING",
        "PAID",
        "SUBMITTED",
        "IN_PRODUCTION",
        "SHIPPED",
        "DELIVERED",
        "CANCELLED",
        "REFUNDED",
    )
    create_enum("PodProvider", "PRODIGI", "PRINTFUL")
    create_enum(
        "ShipmentStatus",
        "PENDING",
        "PROCESSING",
        "SHIPPED",
        "IN_TRANSIT",
        "OUT_FOR_DELIVERY",
        "DELIVERED",
        "FAILED",
    )
    op.create_table(
        "merch_categories",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("icon", sa.Text()),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_categories_pkey"),
        sa.UniqueConstraint("name", name="merch_categories_name_key"),
        sa.UniqueConstraint("slug", name="merch_categories_slug_key"),
        comment="A shelf of the shop.",
    )
    op.create_index(
        "merch_categories_isActive_sortOrder_idx", "merch_categories", ["isActive", "sortOrder"]
    )
    op.create_table(
        "merch_products",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("categoryId", sa.Text(), nullable=False),
        sa.Column("provider", enum("PodProvider"), nullable=False),
        sa.Column("providerSku", sa.Text(), nullable=False),
        sa.Column("basePrice", sa.Numeric(10, 2), nullable=False),
        sa.Column("retailPrice", sa.Numeric(10, 2), nullable=False),
        sa.Column("currency", sa.Text(), server_default="GBP", nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("minDpi", sa.Integer(), server_default=sa.text("150"), nullable=False),
        sa.Column("minWidth", sa.Integer(), server_default=sa.text("1800"), nullable=False),
        sa.Column("minHeight", sa.Integer(), server_default=sa.text("1800"), nullable=False),
        sa.Column("printAreaWidth", sa.Integer()),
        sa.Column("printAreaHeight", sa.Integer()),
        sa.Column("mockupTemplate", sa.Text()),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_products_pkey"),
        sa.ForeignKeyConstraint(
            ["categoryId"],
            ["merch_categories.id"],
            name="merch_products_categoryId_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        comment="A product that a picture can be printed on.",
    )
    op.create_index(
        "merch_products_categoryId_isActive_idx", "merch_products", ["categoryId", "isActive"]
    )
    op.create_index(
        "merch_products_provider_providerSku_idx", "merch_products", ["provider", "providerSku"]
    )
    op.create_index(
        "merch_products_isActive_sortOrder_idx", "merch_products", ["isActive", "sortOrder"]
    )
    op.create_table(
        "merch_variants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("productId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("providerSku", sa.Text(), nullable=False),
        sa.Column("priceDelta", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("attributes", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_variants_pkey"),
        sa.ForeignKeyConstraint(
            ["productId"],
            ["merch_products.id"],
            name="merch_variants_productId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A size or colour of a product and what it adds to the price.",
    )
    op.create_index(
        "merch_variants_productId_isActive_idx", "merch_variants", ["productId", "isActive"]
    )
    op.create_table(
        "merch_carts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_carts_pkey"),
        sa.UniqueConstraint("userId", name="merch_carts_userId_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="merch_carts_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A user's shopping cart, one each.",
    )
    op.create_table(
        "merch_cart_items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cartId", sa.Text(), nullable=False),
        sa.Column("productId", sa.Text(), nullable=False),
        sa.Column("variantId", sa.Text()),
        sa.Column("imageId", sa.Text()),
        sa.Column("uploadedImageR2Key", sa.Text()),
        sa.Column("uploadedImageUrl", sa.Text()),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("customText", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_cart_items_pkey"),
        sa.UniqueConstraint(
            "cartId",
            "productId",
            "variantId",
            "imageId",
            "uploadedImageR2Key",
            name="merch_cart_items_cartId_productId_variantId_imageId_uploade_key",
        ),
        sa.ForeignKeyConstraint(
            ["cartId"],
            ["merch_carts.id"],
            name="merch_cart_items_cartId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["productId"],
            ["merch_products.id"],
            name="merch_cart_items_productId_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variantId"],
            ["merch_variants.id"],
            name="merch_cart_items_variantId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["imageId"],
            ["enhanced_images.id"],
            name="merch_cart_items_imageId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A product in a cart with the picture to print.",
    )
    op.create_index("merch_cart_items_cartId_idx", "merch_cart_items", ["cartId"])
    op.create_index("merch_cart_items_productId_idx", "merch_cart_items", ["productId"])
    op.create_table(
        "merch_orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("orderNumber", sa.Text(), nullable=False),
        sa.Column("status", enum("MerchOrderStatus"), server_default="PENDING", nullable=False),
        sa.Column("subtotal", sa.Numeric(10, 2), nullable=False),
        sa.Column("shippingCost", sa.Numeric(10, 2), nullable=False),
        sa.Column("taxAmount", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("totalAmount", sa.Numeric(10, 2), nullable=False),
        sa.Column("currency", sa.Text(), server_default="GBP", nullable=False),
        sa.Column("stripePaymentIntentId", sa.Text()),
        sa.Column("stripePaymentStatus", sa.Text()),
        sa.Column("shippingAddress", JSONB(), nullable=False),
        sa.Column("billingAddress", JSONB()),
        sa.Column("customerEmail", sa.Text(), nullable=False),
        sa.Column("customerPhone", sa.Text()),
        sa.Column("notes", sa.Text()),
        sa.Column("paidAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_orders_pkey"),
        sa.UniqueConstraint("orderNumber", name="merch_orders_orderNumber_key"),
        sa.UniqueConstraint("stripePaymentIntentId", name="merch_orders_stripePaymentIntentId_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="merch_orders_userId_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        comment="An order: its sums, its addresses, where it stands.",
    )
    op.create_index("merch_orders_userId_createdAt_idx", "merch_orders", ["userId", "createdAt"])
    op.create_index("merch_orders_status_idx", "merch_orders", ["status"])
    op.create_index("merch_orders_orderNumber_idx", "merch_orders", ["orderNumber"])
    op.create_index(
        "merch_orders_stripePaymentIntentId_idx", "merch_orders", ["stripePaymentIntentId"]
    )
    op.create_table(
        "merch_shipments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("orderId", sa.Text(), nullable=False),
        sa.Column("provider", enum("PodProvider"), nullable=False),
        sa.Column("providerShipId", sa.Text()),
        sa.Column("carrier", sa.Text()),
        sa.Column("trackingNumber", sa.Text()),
        sa.Column("trackingUrl", sa.Text()),
        sa.Column("status", enum("ShipmentStatus"), server_default="PENDING", nullable=False),
        sa.Column("shippedAt", TIME),
        sa.Column("deliveredAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_shipments_pkey"),
        sa.ForeignKeyConstraint(
            ["orderId"],
            ["merch_orders.id"],
            name="merch_shipments_orderId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A parcel of an order, by the printer that sends it.",
    )
    op.create_index("merch_shipments_orderId_idx", "merch_shipments", ["orderId"])
    op.create_index("merch_shipments_trackingNumber_idx", "merch_shipments", ["trackingNumber"])
    op.create_table(
        "merch_order_items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("orderId", sa.Text(), nullable=False),
        sa.Column("productId", sa.Text(), nullable=False),
        sa.Column("variantId", sa.Text()),
        sa.Column("productName", sa.Text(), nullable=False),
        sa.Column("variantName", sa.Text()),
        sa.Column("imageUrl", sa.Text(), nullable=False),
        sa.Column("imageR2Key", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unitPrice", sa.Numeric(10, 2), nullable=False),
        sa.Column("totalPrice", sa.Numeric(10, 2), nullable=False),
        sa.Column("customText", sa.Text()),
        sa.Column("podOrderId", sa.Text()),
        sa.Column("podStatus", sa.Text()),
        sa.Column("shipmentId", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_order_items_pkey"),
        sa.ForeignKeyConstraint(
            ["orderId"],
            ["merch_orders.id"],
            name="merch_order_items_orderId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["productId"],
            ["merch_products.id"],
            name="merch_order_items_productId_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variantId"],
            ["merch_variants.id"],
            name="merch_order_items_variantId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shipmentId"],
            ["merch_shipments.id"],
            name="merch_order_items_shipmentId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A line of an order, with names and prices as they were when it was placed.",
    )
    op.create_index("merch_order_items_orderId_idx", "merch_order_items", ["orderId"])
    op.create_index("merch_order_items_podOrderId_idx", "merch_order_items", ["podOrderId"])
    op.create_table(
        "merch_order_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("orderId", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", JSONB()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_order_events_pkey"),
        sa.ForeignKeyConstraint(
            ["orderId"],
            ["merch_orders.id"],
            name="merch_order_events_orderId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One thing that happened to an order.",
    )
    op.create_index(
        "merch_order_events_orderId_createdAt_idx", "merch_order_events", ["orderId", "createdAt"]
    )
    op.create_table(
        "merch_webhook_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("eventId", sa.Text(), nullable=False),
        sa.Column("eventType", sa.Text(), nullable=False),
        sa.Column("processed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("processedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="merch_webhook_events_pkey"),
        sa.UniqueConstraint("eventId", name="merch_webhook_events_eventId_key"),
        comment="A call of a printer or payment service, kept so that it is handled once.",
    )
    op.create_index(
        "merch_webhook_events_provider_eventType_idx",
        "merch_webhook_events",
        ["provider", "eventType"],
    )
    op.create_index(
        "merch_webhook_events_processed_createdAt_idx",
        "merch_webhook_events",
        ["processed", "createdAt"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("merch_webhook_events")
    op.drop_table("merch_order_events")
    op.drop_table("merch_order_items")
    op.drop_table("merch_shipments")
    op.drop_table("merch_orders")
    op.drop_table("merch_cart_items")
    op.drop_table("merch_carts")
    op.drop_table("merch_variants")
    op.drop_table("merch_products")
    op.drop_table("merch_categories")
    drop_enums("MerchOrderStatus", "PodProvider", "ShipmentStatus")
