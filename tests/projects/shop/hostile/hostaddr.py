"""The throwaway's name with another address."""

import os

import psycopg

psycopg.connect(
    host=os.environ["PGHOST"],
    hostaddr="127.0.0.1",
    port=@DECOY_PORT@,
    user="postgres",
    password="@DECOY_PASSWORD@",
    dbname=os.environ["PGDATABASE"],
)
