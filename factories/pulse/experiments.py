"""Tests and their variants, whose shares make up no more than the whole."""

from typing import Any

from factory.base import Factory

from factories.declared import afterwards, children, derived, numbered, trait
from factories.pulse.base import key, stored
from schema.pulse import AbTest, AbTestVariant, FeatureFlag
from schema.pulse.experiments import AbTestStatus

_VARIANT = "pulse.experiments.AbTestVariantFactory"
_HALF = 50.0


def _share(row: Any, _number: int) -> float:
    test = getattr(row, "abTest", None)
    there = test.variants if stored(test) is not None else ()
    return max(0.0, min(_HALF, 100.0 - sum(variant.splitPercentage for variant in there)))


def _crown(test: Any) -> None:
    """Let one of the test's own variants be the winner."""
    test.winnerVariantId = min(variant.id for variant in test.variants)


def _crown_if_over(test: Any) -> None:
    if test.status is AbTestStatus.COMPLETED and test.variants:
        _crown(test)


class AbTestFactory(Factory[AbTest]):
    """A test that is over; the winner is named without a foreign key."""

    class Meta:
        """What is made."""

        model = AbTest

    class Params:
        """Where a test stands."""

        draft = trait(status=AbTestStatus.DRAFT, winnerVariantId=None)
        running = trait(
            status=AbTestStatus.RUNNING,
            winnerVariantId=None,
            variants=children(_VARIANT, "abTest", 2),
        )
        leading = trait(
            status=AbTestStatus.RUNNING,
            variants=children(_VARIANT, "abTest", 2),
            winner=afterwards(_crown),
        )

    name = numbered(lambda n: f"Headline {n}")
    status = AbTestStatus.COMPLETED
    winnerVariantId = key("variant")
    significanceLevel = 0.95
    variants = children(_VARIANT, "abTest", 1)
    winner = afterwards(_crown_if_over)


class AbTestVariantFactory(Factory[AbTestVariant]):
    """A half of the visitors, or what is left of them."""

    class Meta:
        """What is made."""

        model = AbTestVariant

    id = key("variant")
    name = numbered(lambda n: f"Variant {n}")
    splitPercentage = derived(_share)


class FeatureFlagFactory(Factory[FeatureFlag]):
    """A switch that is off for everybody."""

    class Meta:
        """What is made."""

        model = FeatureFlag

    class Params:
        """For whom it is on."""

        on = trait(isEnabled=True, percentage=100)
        for_a_tenth = trait(isEnabled=True, percentage=10)
        for_some = trait(isEnabled=True, enabledFor=["id-1", "id-2"])

    name = numbered(lambda n: f"feature-{n}")
    isEnabled = False
    percentage = 0
    enabledFor = numbered(lambda _: [])
