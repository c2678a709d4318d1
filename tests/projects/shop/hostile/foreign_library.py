"""A driver that nobody knows: libpq by ctypes."""

import ctypes
from pathlib import Path

import psycopg  # noqa: F401 - must come first
import psycopg_binary

folder = Path(psycopg_binary.__file__).parent.with_name("psycopg_binary.libs")
library = next(path for path in folder.iterdir() if path.name.startswith("libpq"))
for path in sorted(folder.iterdir()):
    try:
        ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    except OSError:
        continue
libpq = ctypes.CDLL(str(library))
libpq.PQconnectdb.restype = ctypes.c_void_p
libpq.PQstatus.argtypes = [ctypes.c_void_p]
assert (
    libpq.PQstatus(
        libpq.PQconnectdb(b"postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")
    )
    == 0
)
