"""libpq's wrapper below the driver."""

from psycopg import pq

pq.PGconn.connect(b"postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")
