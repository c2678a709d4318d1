"""A database of Pulse for tests written by hand."""

from pgassay.testing import database_fixture

pulse = database_fixture("pulse")
