"""Rows: from the catalog, and from factories where given, valid ones and broken ones."""
