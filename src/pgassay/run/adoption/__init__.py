"""Adopting a project that nobody prepared: find, try, say, write."""
