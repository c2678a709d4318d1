"""Tests won by their own variant."""

from factory.base import Factory

from factories.pulse.base import key
from schema.pulse import AbTest, AbTestVariant
from schema.pulse.experiments import AbTestStatus


class AbTestFactory(Factory[AbTest]):
    """A test that is over; the winner is named without a foreign key."""

    class Meta:
        """What is made."""

        model = AbTest

    status = AbTestStatus.COMPLETED
    winnerVariantId = key("variant")
    significanceLevel = 0.95


class AbTestVariantFactory(Factory[AbTestVariant]):
    """The half of the visitors that won."""

    class Meta:
        """What is made."""

        model = AbTestVariant

    id = key("variant")
    splitPercentage = 50.0
