"""Staging, the pure part: what a snapshot comes to at another size, without values, as pages."""
