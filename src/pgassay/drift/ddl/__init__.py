"""Catalog objects as DDL: the statements that would build them. Every name is quoted as needed."""
