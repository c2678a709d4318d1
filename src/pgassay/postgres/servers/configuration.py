"""The server's configuration files: the profile's settings, then the system's own.

Sources: PostgreSQL documentation, Server Configuration (20) and Client Authentication (21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.postgres.servers.declaration import Profile, ServerDeclaration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_IO_METHOD_SINCE = 18

# Password for TCP; the socket is in a folder that nobody else can enter.
HOST_BASED_ACCESS = """\
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


def profile_settings(declaration: ServerDeclaration, major: int) -> dict[str, str]:
    """Return all settings that a declaration comes to, the system's own last."""
    settings = {
        "timezone": "UTC",  # the same everywhere, not what initdb finds on the machine
        "log_timezone": "UTC",
        "lc_messages": "C",
        "fsync": "off",
    }
    if declaration.profile is Profile.FAST:
        settings |= {
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "autovacuum": "off",
        }
        if not {"wal_level", "max_wal_senders"} & set(declaration.settings):
            settings |= {"wal_level": "minimal", "max_wal_senders": "0"}
        if major >= _IO_METHOD_SINCE:
            settings["io_method"] = "sync"  # no worker processes to start
    return settings | dict(declaration.settings)


def place_settings(*, run_id: str, socket: Path, port: int, tcp: bool) -> dict[str, str]:
    """Return where a server listens and what never leaves its own folder."""
    return {
        "cluster_name": f"pgassay-{run_id}",
        "listen_addresses": "127.0.0.1" if tcp else "",
        "port": str(port),
        "unix_socket_directories": _quoted_item(str(socket)),
        "unix_socket_permissions": "0700",
        "dynamic_shared_memory_type": "mmap",  # inside the data directory: removed with it
        "logging_collector": "off",
        "log_destination": "stderr",
        "password_encryption": "scram-sha-256",
        "ssl": "off",
    }


def configuration_text(settings: Mapping[str, str]) -> str:
    """Return the lines for postgresql.conf; the last of two equal names counts."""
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items())


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'"


def _quoted_item(path: str) -> str:
    """Quote a member of a list setting, where a comma would otherwise divide it."""
    return '"' + path.replace('"', '""') + '"'
