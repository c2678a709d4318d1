"""The pages that `pgassay explain` prints: docstrings, by slug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases import race
from pgassay.cases.derivation import kinds
from pgassay.checks import acceptance
from pgassay.checks.registry import built_in
from pgassay.history import adversary, survival
from pgassay.history.judgement import pages as hazard_pages
from pgassay.history.traffic.pages import PAGES as TRAFFIC
from pgassay.plans import ablation, access, baseline, growth
from pgassay.properties import rows
from pgassay.run import dictionary, drift, erd, rules, written
from pgassay.run.history.trials import KINDS as HISTORY
from pgassay.run.migration import killing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType


def pages() -> dict[str, str]:
    """Return the page of every slug that a finding can carry, in the order of the slugs."""
    found: dict[str, str] = {}
    for shelf in shelves():
        found |= shelf
    return dict(sorted(found.items()))


def shelves() -> tuple[Mapping[str, str], ...]:
    """Return the pages by what finds: no slug may stand in two of them."""
    others: dict[str, ModuleType] = {
        "acceptance": acceptance,
        "dictionary": dictionary,
        "drift": drift,
        "erd": erd,
        "index_missing": ablation,
        "index_unneeded": ablation,
        "plan": access,
        "plan_baseline": baseline,
        "plan_growth": growth,
        "property": rows,
        "race": race,
        "rule": rules,
        "schedule": written,
    }
    others |= {module.KIND: module for module in (*HISTORY, adversary, killing, survival)}
    return (
        {slug: kind.__doc__ or "" for slug, kind in kinds().items()},
        {slug: check.page.text for slug, check in built_in().items()},
        {slug: module.__doc__ or "" for slug, module in others.items()},
        hazard_pages(),
        TRAFFIC,
    )
