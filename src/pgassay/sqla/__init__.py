"""The rim towards SQLAlchemy and Alembic; both run in a process of their own, never in this one."""
