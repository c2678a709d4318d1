"""Reading `pg_catalog`: a database becomes a `Catalog`; one module per family of objects."""

from __future__ import annotations

from pgassay.postgres.catalog.reader import read_catalog

__all__ = ["read_catalog"]
