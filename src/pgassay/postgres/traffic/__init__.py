"""Clients, transactions that stay open, and an observer of locks, around a migration that runs."""
