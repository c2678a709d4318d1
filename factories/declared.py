"""How the columns of the factories get their values, and rows what belongs to them.

factory_boy leaves its declarations without types, so the few that are used here are called in one
place. What is drawn at random comes from its one generator (`factory.random`), which whoever wants
the same row twice seeds with the row's number.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from factory import declarations, faker, random

# Rows were written before this day; the months of partitioned tables begin a little later.
WRITTEN_BEFORE = datetime(2026, 10, 31)  # noqa: DTZ001  # the columns hold UTC without a zone
HALF_A_YEAR = 180 * 24 * 3600


def fake(provider: str, **arguments: object) -> Any:
    """Return a declaration: what a provider of Faker makes."""
    return faker.Faker(provider, **arguments)  # type: ignore[no-untyped-call]  # untyped library


def numbered(make: Callable[[int], object]) -> Any:
    """Return a declaration: a value made from the row's number, for what must not repeat."""
    return declarations.Sequence(make)  # type: ignore[no-untyped-call]  # untyped library


def drawn(make: Callable[[], object]) -> Any:
    """Return a declaration: a value made without looking at the row."""
    return declarations.LazyFunction(make)  # type: ignore[no-untyped-call]  # untyped library


def derived(make: Callable[[Any, int], object]) -> Any:
    """Return a declaration: a value made from the rest of the row and its number."""
    return declarations.LazyAttributeSequence(make)  # type: ignore[no-untyped-call]  # untyped library


def trait(**overrides: object) -> Any:
    """Return a parameter: what is different about a row that is asked for with it."""
    return declarations.Trait(**overrides)  # type: ignore[no-untyped-call]  # untyped library


def parent(factory: str, **given: object) -> Any:
    """Return a declaration: a row to refer to; the factory is named `system.module.Factory`."""
    path = f"factories.{factory}"
    return declarations.SubFactory(path, **given)  # type: ignore[no-untyped-call]  # untyped library


def same_as(path: str) -> Any:
    """Return a declaration: what another attribute holds; `..name` is one of the row above."""
    return declarations.SelfAttribute(path)  # type: ignore[no-untyped-call]  # untyped library


def children(factory: str, of: str, size: int = 0, **given: object) -> Any:
    """Return a declaration: rows that are made afterwards and refer to this one as `of`."""
    path = f"factories.{factory}"
    return declarations.RelatedFactoryList(path, of, size, **given)  # type: ignore[no-untyped-call]  # untyped library


def afterwards(change: Callable[[Any], None]) -> Any:
    """Return a declaration: a change of the row once it is stored with all that belongs to it."""

    def call(row: Any, create: bool, _extracted: object, **_: object) -> None:
        if create:
            change(row)

    return declarations.PostGeneration(call)  # type: ignore[no-untyped-call]  # untyped library


def picked(weights: Mapping[Any, int]) -> Any:
    """Return a declaration: one of the values, as often as its weight says."""
    values, shares = list(weights), list(weights.values())
    return drawn(lambda: random.randgen.choices(values, shares)[0])


def moment(before: datetime = WRITTEN_BEFORE, seconds: int = HALF_A_YEAR) -> Any:
    """Return a declaration: a time within so many seconds before another."""
    return drawn(lambda: before - timedelta(seconds=random.randgen.randrange(1, seconds)))


def later(name: str, seconds: int) -> Any:
    """Return a declaration: a time within so many seconds after that of another column."""

    def make(row: Any, _number: int) -> datetime:
        start: datetime = getattr(row, name)
        return start + timedelta(seconds=random.randgen.randrange(1, seconds))

    return derived(make)


def whole(lowest: int, highest: int) -> Any:
    """Return a declaration: a whole number between two, both possible."""
    return drawn(lambda: random.randgen.randint(lowest, highest))


def phrase(*parts: str) -> Any:
    """Return a declaration: one alternative of each part, in order; alternatives stand by `|`."""
    alternatives = [part.split("|") for part in parts]
    return drawn(lambda: " ".join(random.randgen.choice(words) for words in alternatives))
