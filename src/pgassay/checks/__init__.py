"""Structural checks: what is wrong with a schema even where every case passes; a file each.

What a check of one's own imports is here: the ground it stands on and what it yields.
"""

from __future__ import annotations

from pgassay.checks.check import Problem
from pgassay.checks.ground import Ground
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

__all__ = ["Ground", "Need", "Problem", "Profile", "Severity", "Subject"]
