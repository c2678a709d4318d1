"""The same type of C, taken from where it is made."""

import psycopg  # noqa: F401 - must come first
from psycopg_binary import pq

pq.PGconn.connect(b"postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")
