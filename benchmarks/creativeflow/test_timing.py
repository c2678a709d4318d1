"""Timings of creativeflow's hot queries and writes: `pytest benchmarks --benchmark-only`."""

from pgassay.testing import Timings

creativeflow = Timings(
    "creativeflow",
    writes=("assets", "usage_logs", "notifications", "projects", "users"),
)
