"""The stage: a database without rows that the planner sees as large as the one in a snapshot."""

from __future__ import annotations

from pgassay.postgres.stage.stage import Ingredient, Stage, within_reach

__all__ = ["Ingredient", "Stage", "within_reach"]
