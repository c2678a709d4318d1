"""Migrations of the reference systems, one Alembic environment each."""
