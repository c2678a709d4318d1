"""Timings of pulse's hot queries and writes: `pytest benchmarks --benchmark-only`."""

from pgassay.testing import Timings

pulse = Timings(
    "pulse",
    writes=("app_messages", "token_transactions", "scheduled_posts", "visitor_sessions", "users"),
)
