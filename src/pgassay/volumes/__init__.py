"""Volumes: profile and catalog → rows in the millions, pure, by random access.

No random number follows another: each is a hash of the seed, what it is for and the row's number,
so that any slice of any table can be made anywhere, and memory stays flat.
"""
