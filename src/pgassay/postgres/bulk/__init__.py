"""Volumes into databases: COPY into bare tables, then indexes and foreign keys, in parallel.

`load` is the entry; what is told on the way are the classes of `progress`.
"""

from pgassay.postgres.bulk.digest import digests
from pgassay.postgres.bulk.load import Manner, load
from pgassay.postgres.bulk.progress import Copied, Done, Planned, Stage, Step

__all__ = ["Copied", "Done", "Manner", "Planned", "Stage", "Step", "digests", "load"]
