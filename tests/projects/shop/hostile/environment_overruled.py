"""libpq's variables, set by the project itself."""

import os

import psycopg

os.environ |= {
    "PGHOST": "127.0.0.1",
    "PGPORT": "@DECOY_PORT@",
    "PGUSER": "postgres",
    "PGPASSWORD": "@DECOY_PASSWORD@",
    "PGDATABASE": "postgres",
}
psycopg.connect("")
