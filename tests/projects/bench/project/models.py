"""Customers and their orders."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    select,
)

metadata = MetaData()
customers = Table(
    "Customer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
)
orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customerId", ForeignKey(customers.c.id), nullable=False),
    Column("note", Text, nullable=False),
    Column("placedAt", DateTime, nullable=False),
    Index("ordersOfCustomer", "customerId", "placedAt"),
    Index("orders_by_note", "note"),
)
of_customer = select(orders.c.id).where(orders.c.customerId == bindparam("customer")).limit(50)
