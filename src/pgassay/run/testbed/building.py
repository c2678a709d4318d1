"""factory_boy's own builder, except that what it would instantiate becomes a row.

Traits, SubFactory, SelfAttribute, RelatedFactory and post-generation hooks mean what factory_boy
says they mean. Added is what a person expects to be able to ask for: `members=5` of a
RelatedFactoryList, and `workbench__name="…"` also of a reference that the factory leaves to the
engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from factory.builder import StepBuilder
from factory.declarations import Maybe, RelatedFactoryList, SubFactory, Trait
from factory.enums import CREATE_STRATEGY, SPLITTER

from pgassay.run.factories import seeded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.run.factory_module import Factory


class Site(Protocol):
    """Where rows are put in place."""

    def next_number(self) -> int:
        """Return the number of the next row."""
        ...

    def seed(self, factory: Factory, number: int) -> str:
        """Return what decides all that is drawn at random for a row."""
        ...

    def prepared(self, factory: Factory, given: Mapping[str, object]) -> dict[str, object]:
        """Return the keywords as factory_boy takes them; refuse unknown ones."""
        ...

    def place(
        self, factory: Factory, number: int, values: Mapping[str, object], traits: tuple[str, ...]
    ) -> object:
        """Insert a row with its parents, and return it as a test sees it."""
        ...

    def settle(self) -> None:
        """Write what a post-generation hook has changed."""
        ...


def build(site: Site, factory: Factory, given: Mapping[str, object]) -> object:
    """Return a row as a factory describes it, in place with all that it needs."""

    class Builder(StepBuilder):
        """A step; factory_boy makes one for each factory that takes part."""

        def __init__(self, factory_meta: Any, extras: Mapping[str, object], strategy: str) -> None:
            self._factory = factory_meta.factory
            prepared = site.prepared(self._factory, extras)
            super().__init__(_Options(factory_meta, site), prepared, strategy)  # type: ignore[no-untyped-call]  # untyped library

        def build(self, parent_step: Any = None, force_sequence: int | None = None) -> Any:  # noqa: ARG002  # the site counts
            number = site.next_number()
            with seeded(site.seed(self._factory, number)):
                return super().build(parent_step, number)  # type: ignore[no-untyped-call]  # as above

    return Builder(factory._meta, given, CREATE_STRATEGY).build()  # noqa: SLF001  # see factory_module


class _Options:
    """A factory's options that put rows in place."""

    def __init__(self, options: Any, site: Site) -> None:
        self._options = options
        self._site = site

    def __getattr__(self, name: str) -> Any:
        return getattr(self._options, name)

    def instantiate(self, step: Any, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Insert the row instead of making a model."""
        options = self._options
        values = {**dict(zip(options.inline_args, args, strict=True)), **kwargs}
        on = tuple(n for n in traits(options.factory) if step.attributes.get(n))
        return self._site.place(options.factory, step.sequence, values, on)

    def use_postgeneration_results(self, *_: object, **__: object) -> None:
        """Write what the hooks have changed."""
        if self._options.post_declarations.declarations:
            self._site.settle()


def traits(factory: Factory) -> dict[str, frozenset[str]]:
    """Return a factory's traits, and what each of them decides."""
    if factory is None:
        return {}
    parameters = factory._meta.parameters  # noqa: SLF001  # see factory_module
    return {
        name: frozenset(parameter.overrides)
        for name, parameter in parameters.items()
        if isinstance(parameter, Trait)
    }


def keywords(factory: Factory) -> frozenset[str]:
    """Return all that a factory declares: attributes, parameters, traits, what comes after."""
    options = factory._meta  # noqa: SLF001  # see factory_module
    return frozenset({*options.pre_declarations, *options.post_declarations, *options.parameters})


def makes_parent(factory: Factory, name: str, given: Mapping[str, object]) -> bool:
    """Whether a factory, asked for with these keywords, makes the row of a reference by itself."""
    if factory is None:
        return False
    options = factory._meta  # noqa: SLF001  # see factory_module
    for trait in traits(factory):
        if given.get(trait) and name in options.parameters[trait].overrides:
            return isinstance(options.parameters[trait].overrides[name], SubFactory)
    declared = options.base_declarations.get(name)
    return isinstance(declared, SubFactory) or name in options.post_declarations


def counted(factory: Factory, given: Mapping[str, object]) -> dict[str, object]:
    """Let a number stand for so many rows of a RelatedFactoryList."""
    declared = factory._meta.post_declarations.declarations  # noqa: SLF001  # see factory_module
    changed = dict(given)
    for name, value in given.items():
        several = _several(declared.get(name))
        if several is not None and isinstance(value, int) and not isinstance(value, bool):
            changed[name] = RelatedFactoryList(  # type: ignore[no-untyped-call]  # untyped library
                several.get_factory(), several.name, size=value, **several.defaults
            )
    return changed


def _several(declaration: Any) -> Any:
    if isinstance(declaration, Maybe):
        return _several(declaration.yes) or _several(declaration.no)
    return declaration if isinstance(declaration, RelatedFactoryList) else None


def roots(given: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Return `a__b=…` keywords as `{a: {b: …}}`."""
    found: dict[str, dict[str, object]] = {}
    for name, value in given.items():
        root, split, rest = name.partition(SPLITTER)
        if split and root and rest:
            found.setdefault(root, {})[rest] = value
    return found
