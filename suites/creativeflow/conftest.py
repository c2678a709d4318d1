"""A database of CreativeFlow for tests written by hand."""

from pgassay.testing import database_fixture

creativeflow = database_fixture("creativeflow")
