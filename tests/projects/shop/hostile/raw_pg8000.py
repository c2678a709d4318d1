"""pg8000 by itself."""

import pg8000.dbapi

pg8000.dbapi.connect(
    user="postgres", password="@DECOY_PASSWORD@", host="127.0.0.1", port=@DECOY_PORT@
)
