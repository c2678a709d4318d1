"""Databases of both reference systems, as their own suites borrow them."""

from pgassay.testing import database_fixture

creativeflow = database_fixture("creativeflow")
pulse = database_fixture("pulse")
