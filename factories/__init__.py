"""Factories of the reference systems: what one realistic row looks like, as factory_boy says it.

The engine adds what it can find out by itself: keys, and references between rows.
"""
