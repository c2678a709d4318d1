"""Validating a migration: the database at the revision before it, and what is done there.

`selection` says which revisions, `ground` is what all parts stand on, `parts` lists the parts.
"""
