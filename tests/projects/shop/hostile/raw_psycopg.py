"""A hard-coded URL through the driver, errors swallowed and tried again."""

import time

import psycopg

while True:
    try:
        psycopg.connect("postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")
    except Exception:
        time.sleep(0.01)
    else:
        break
