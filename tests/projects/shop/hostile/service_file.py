"""A service file of the developer."""

import os
from pathlib import Path

import psycopg

services = Path("services.conf").absolute()
services.write_text(
    "[real]\\nhost=127.0.0.1\\nport=@DECOY_PORT@\\nuser=postgres\\npassword=@DECOY_PASSWORD@\\n"
)
os.environ["PGSERVICEFILE"] = str(services)
for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"):
    del os.environ[name]
psycopg.connect("service=real")
