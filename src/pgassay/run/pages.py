"""The pages that `pgassay explain` prints: docstrings, by slug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases import race
from pgassay.cases.derivation import kinds
from pgassay.history.judgement import pages as hazard_pages
from pgassay.history.traffic.pages import PAGES as TRAFFIC
from pgassay.plans import ablation, access, baseline, growth
from pgassay.properties import rows
from pgassay.run import drift, erd, rules, written

if TYPE_CHECKING:
    from types import ModuleType


def pages() -> dict[str, str]:
    """Return the page of every slug that a finding can carry, in the order of the slugs."""
    others: dict[str, ModuleType] = {
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
    found = {slug: kind.__doc__ or "" for slug, kind in kinds().items()}
    found |= {slug: module.__doc__ or "" for slug, module in others.items()}
    found |= hazard_pages() | TRAFFIC
    return dict(sorted(found.items()))
