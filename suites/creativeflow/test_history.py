"""What holds of every revision of CreativeFlow, as pytest items."""

from pgassay.testing import Suite

history = Suite("creativeflow", phases=("history",))
