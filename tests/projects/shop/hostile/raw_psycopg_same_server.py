"""Another database of the server that the throwaway is on."""

import os

import psycopg

psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres")
