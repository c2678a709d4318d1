"""The enclosure: a process of its own for a project's code, from which only one place is reached.

Three walls, from the friendliest to the last: SQLAlchemy engines are led to the throwaway
(`engines`), drivers and Python sockets that ask for another place are refused with the line that
asked (`drivers`, `guard`), and on Linux the kernel asks pgassay about every connect() of the
process and of all that it starts (`wall`).
"""
