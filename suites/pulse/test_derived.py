"""Everything that pgassay derives from Pulse, as pytest items."""

from pgassay.testing import Suite

derived = Suite("pulse")
