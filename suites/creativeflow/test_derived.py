"""Everything that pgassay derives from CreativeFlow, as pytest items."""

from pgassay.testing import Suite

derived = Suite("creativeflow")
