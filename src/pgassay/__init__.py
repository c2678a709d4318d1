"""pgassay puts a PostgreSQL schema to the test.

The engine: it builds a system's schema in a throwaway server, derives cases from what the
catalog promises, runs them, and reports. See ARCHITECTURE.md for the layers.
"""

__version__ = "0.1.0"
