"""psql, by a shell."""

import os

assert (
    os.system(
        "@PSQL@ 'postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres' -c 'SELECT 1'"
    )
    == 0
)
