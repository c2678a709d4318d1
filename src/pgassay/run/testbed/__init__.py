"""Rows for a test of one's own: named as people name them, made with their parents, rolled back.

`Blueprint` is what is known before a test: names, factories, mapped classes, the row maker.
`Database` is what a test holds: one transaction on a migrated throwaway database.
"""
