"""Which checks there are, and which of them a configuration asks for.

A check is a module of this package that has `find`; its name is the slug, its docstring the page.
It declares NEED, SEVERITY and PROFILE, and OPTIONS where it can be told something. Adding one
touches its own file and its tests alone.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pgassay.checks.check import Check
from pgassay.checks.page import read_page
from pgassay.core.check import Need, Profile
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from pgassay.core.check import CheckSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A check as a system has it."""

    check: Check
    severity: Severity
    options: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def built_in() -> Mapping[str, Check]:
    """Return every check of this package by its slug, in the order of the slugs."""
    package = __name__.rpartition(".")[0]
    names = sorted(m.name for m in pkgutil.iter_modules(import_module(package).__path__))
    modules = {name: import_module(f"{package}.{name}") for name in names}
    return {n: check_of(m, n) for n, m in modules.items() if hasattr(m, "find")}


def check_of(module: ModuleType, slug: str, *, own: bool = False) -> Check:
    """Return the check that a module is.

    Raises:
        ConfigError: its page or one of its declarations is missing or wrong.
    """
    where = str(module.__file__)
    for name, kind in (("NEED", Need), ("SEVERITY", Severity), ("PROFILE", Profile)):
        if not isinstance(getattr(module, name, None), kind):
            words = ", ".join(f"{kind.__name__}.{one.name}" for one in kind)
            raise ConfigError(f"it declares no {name}", where=where, expected=f"{name} = {words}")
    return Check(
        slug=slug,
        page=read_page(module.__doc__, where),
        need=module.NEED,
        severity=module.SEVERITY,
        profile=module.PROFILE,
        options=getattr(module, "OPTIONS", {}),
        find=module.find,
        own=own,
    )


def choose(
    settings: CheckSettings,
    known: Mapping[str, Check],
    only: Iterable[str] = (),
    profile: Profile | None = None,
) -> tuple[Chosen, ...]:
    """Return the checks that run, in the order of their slugs.

    A team's own checks always run, unless they are ignored: they were written to.

    Args:
        settings: what the configuration says.
        known: every check there is, by slug.
        only: these and no others, whatever the profile.
        profile: instead of the configuration's.

    Raises:
        ConfigError: a slug that there is none of, an option that a check does not have.
    """
    only = tuple(only)
    _known(only, known, "--check")
    for key, slugs in (
        ("select", settings.select),
        ("ignore", settings.ignore),
        ("severity", tuple(settings.severity)),
        ("options", tuple(settings.options)),
    ):
        _known(slugs, known, f"{settings.where} {key}")
    wide = profile or settings.profile or Profile.RECOMMENDED
    wanted = {
        slug
        for slug, check in known.items()
        if check.own or wide.holds(check.profile) or slug in settings.select
    } - set(settings.ignore)
    return tuple(
        Chosen(
            check=check,
            severity=settings.severity.get(slug, check.severity),
            options=_options(check, settings.options.get(slug, {}), settings.where),
        )
        for slug, check in known.items()
        if slug in (only or wanted)
    )


def _known(slugs: Iterable[str], known: Mapping[str, Check], where: str) -> None:
    for slug in slugs:
        if slug not in known:
            raise ConfigError(
                f'no check is called "{slug}"', where=where, expected=suggestion(slug, known)
            )


def _options(check: Check, given: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    where = f"{where} options.{check.slug}"
    for name, value in given.items():
        if name not in check.options:
            raise ConfigError(
                f'{check.slug} has no option "{name}"',
                where=where,
                expected=suggestion(name, check.options),
            )
        default = check.options[name]
        right = list if isinstance(default, tuple) else type(default)
        if not isinstance(value, right) or isinstance(value, bool) is not isinstance(default, bool):
            raise ConfigError(
                f"{name} is {value!r}", where=where, expected=f"a {right.__name__}: {default!r}"
            )
    lists = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    return {**check.options, **lists}
