"""Throwaway PostgreSQL servers: containers, embedded or installed programs, servers by URL.

None outlives its owner, none meets another run, and nothing is done to a database that pgassay
did not create. `open_server` gives an empty server, `TemplateStore` one with finished databases.
"""

from pgassay.postgres.servers.cluster_cache import ClusterCache
from pgassay.postgres.servers.declaration import (
    USUAL_ROOM,
    Capability,
    Profile,
    ServerDeclaration,
    ServerKind,
)
from pgassay.postgres.servers.opening import AUTO, open_server
from pgassay.postgres.servers.server import Server
from pgassay.postgres.servers.templates import Lease, TemplateStore

__all__ = [
    "AUTO",
    "USUAL_ROOM",
    "Capability",
    "ClusterCache",
    "Lease",
    "Profile",
    "Server",
    "ServerDeclaration",
    "ServerKind",
    "TemplateStore",
    "open_server",
]
