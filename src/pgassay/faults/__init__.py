"""Faults: every small way in which a built schema can differ from what was promised."""
