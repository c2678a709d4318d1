"""A plain socket to a port that is no PostgreSQL."""

import socket

socket.create_connection(("127.0.0.1", @LISTENER_PORT@))
