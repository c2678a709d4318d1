"""Models of the reference systems, one package each.

They stand for what a team using the engine already has: plain SQLAlchemy, importing nothing else.
The systems do not know each other.
"""
