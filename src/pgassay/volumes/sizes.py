"""The sizes that come with pgassay: how many times what a system's description says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZES: Mapping[str, float] = {"smoke": 0.001, "small": 0.05, "medium": 1.0, "large": 10.0}
"""Smoke is tens of rows a table, medium what the description says."""
