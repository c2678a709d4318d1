"""A real server's Unix socket."""

import psycopg

psycopg.connect(host="@DECOY_SOCKET@", port=@DECOY_PORT@, user="postgres", dbname="postgres")
