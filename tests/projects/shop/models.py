from sqlalchemy import ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(schema="Shop-Ä")


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    select: Mapped[str] = mapped_column(String(20))


class Line(Base):
    __tablename__ = 'line "of" it'
    id: Mapped[int] = mapped_column(primary_key=True)
    orderId: Mapped[int] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"), index=True)  # noqa: N815 - mixed case on purpose
