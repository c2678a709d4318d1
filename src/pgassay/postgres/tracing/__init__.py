"""Watching a migration: what the server can tell of each statement, from three places at once.

`probe` is asked on the migration's own connection (uncommitted files and counts are visible only
there) and by event triggers (each DDL command of a DO block, a function or a string of several).
`observer` looks from a second connection, for statements that commit by themselves: their locks
are gone before anybody could ask. What both saw are `history.looks`.
"""
