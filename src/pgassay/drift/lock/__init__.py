"""The locked contract: a catalog as text that is committed and read in review.

One fact a line, indented under its object, SQL's words for SQL's things: a review sees
`on delete CASCADE` become `on delete SET NULL`. It holds everything that is compared and nothing
else: no column positions, no names that PostgreSQL made up where they carry a history, no months
of a partitioned table, no versions of extensions. So it is the same on every supported major
version, and a new month or a rebuilt table does not change it.
"""

from __future__ import annotations

from pgassay.drift.lock.form import contract_form
from pgassay.drift.lock.reading import read_lock
from pgassay.drift.lock.writing import write_lock

__all__ = ["contract_form", "read_lock", "write_lock"]
