"""Pulse's Alembic environment: `env.py`, the revisions, and what several of them share."""
