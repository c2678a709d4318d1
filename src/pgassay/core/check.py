"""The vocabulary of structural checks: what one needs, how strict a selection is, how it is set up.

The checks themselves are in `pgassay.checks`; the configuration knows their names as text alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - a field of a dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import suggestion
from pgassay.core.finding import Severity
from pgassay.core.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping


class Need(StrEnum):
    """What a check looks at beside the catalog, which is always there.

    `LIVE` is a database that was not made a moment ago, `DEPLOYED` such a one with the models that
    it is to keep.
    """

    CATALOG = "catalog"
    DATA = "data"
    STATISTICS = "statistics"
    QUERIES = "hot queries with rows"
    MODELS = "models"
    LIVE = "database that lives"
    DEPLOYED = "models beside a database that lives"


class Profile(StrEnum):
    """Which checks run: each profile holds the one before it.

    `recommended` has what is wrong nearly always, `strict` what is wrong more often than not,
    `all` also what is a matter of taste or of a team's own rules.
    """

    RECOMMENDED = "recommended"
    STRICT = "strict"
    ALL = "all"

    def holds(self, other: Profile) -> bool:
        """Whether a check of the `other` profile belongs to this one."""
        order = list(Profile)
        return order.index(other) <= order.index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """The table `checks`, of all systems or of one.

    Args:
        profile: which checks run; None where nothing is said, which is `recommended`.
        select: slugs that run beside the profile's.
        ignore: slugs that do not run.
        severity: severities other than the checks' own, by slug.
        options: what the checks are told, by slug and option.
        own: folder of the team's own checks.
        accepted: file of the findings that are accepted, each with its reason.
        baseline: file of the findings that were there when checking began.
        where: the table's place, for messages.
    """

    profile: Profile | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    own: Path | None = None
    accepted: Path | None = None
    baseline: Path | None = None
    where: str = "[tool.pgassay.checks]"

    def over(self, common: CheckSettings) -> CheckSettings:
        """Return these settings of a system, completed by those of all systems."""
        return CheckSettings(
            profile=self.profile or common.profile,
            select=(*common.select, *self.select),
            ignore=(*(s for s in common.ignore if s not in self.select), *self.ignore),
            severity={**common.severity, **self.severity},
            options={
                slug: {**common.options.get(slug, {}), **self.options.get(slug, {})}
                for slug in (*common.options, *self.options)
            },
            own=self.own or common.own,
            accepted=self.accepted or common.accepted,
            baseline=self.baseline or common.baseline,
            where=self.where,
        )


def read_settings(data: object, name: str, path: Path) -> CheckSettings:
    """Return the settings in a TOML table; ConfigError for what is wrong in it."""
    table = TomlTable(data, name, path)
    table.only(
        "profile", "select", "ignore", "severity", "options", "own", "accepted", "baseline"
    )  # fmt: skip
    severities = table.take("severity", dict, {})
    options = table.take("options", dict, {})
    return CheckSettings(
        profile=_word(table, "profile", table.take("profile", str, None), Profile),
        select=table.strings("select"),
        ignore=table.strings("ignore"),
        severity={
            slug: _word(table, f"severity.{slug}", word, Severity) or Severity.ERROR
            for slug, word in severities.items()
        },
        options={
            slug: TomlTable(given, f"{name}.options.{slug}", path).data
            for slug, given in options.items()
        },
        own=table.file("own"),
        accepted=table.file("accepted", must_exist=False),
        baseline=table.file("baseline", must_exist=False),
        where=f"{path}: [{name}]",
    )


def _word(table: TomlTable, key: str, given: Any, words: type[StrEnum]) -> Any:
    if given is None:
        return None
    if given not in list(words):
        raise table.wrong(key, f'"{given}" is none', suggestion(str(given), map(str, words)))
    return words(given)
