"""What several of CreativeFlow's factories have in common."""

from decimal import Decimal
from typing import Any

from factory import random

from factories.declared import drawn


def credit_amount(highest: int) -> Any:
    """Return a declaration: an amount of credits with two decimals, from 0.25 up."""
    return drawn(lambda: Decimal(random.randgen.randrange(25, highest * 100)) / 100)
