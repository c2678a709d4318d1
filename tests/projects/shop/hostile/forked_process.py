"""A process that is forked."""

import os

import psycopg

child = os.fork()
if child == 0:
    psycopg.connect("postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")
    os._exit(0)
_, status = os.waitpid(child, 0)
assert status == 0
