"""What a system declares about its server, and the closed sets around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, MachineError

if TYPE_CHECKING:
    from collections.abc import Mapping

OLDEST_MAJOR = 16
DEFAULT_LOCALE = "C.UTF-8"
GIBIBYTE = 1024**3
USUAL_ROOM = GIBIBYTE // 2

# Where a server is and who may talk to it is pgassay's business, not a system's.
_OURS = frozenset(
    """
    authentication_timeout cluster_name config_file data_directory event_source external_pid_file
    hba_file ident_file listen_addresses logging_collector log_destination port ssl
    unix_socket_directories unix_socket_group unix_socket_permissions
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


class ServerKind(StrEnum):
    """Where a throwaway server comes from."""

    CONTAINER = "container"
    EMBEDDED = "embedded"
    SYSTEM = "system"
    EXTERNAL = "external"


class Profile(StrEnum):
    """How durable a server writes: FAST not at all, FAITHFUL as production but for fsync."""

    FAST = "fast"
    FAITHFUL = "faithful"


class Capability(StrEnum):
    """What only some servers allow. The values read well after "not available: "."""

    SUPERUSER = "superuser rights (hiding an index, session_replication_role, system catalogs)"
    ROLES = "creating roles (row-level security and grants as another role)"
    SETTINGS = "changing the server's configuration"


ALL_CAPABILITIES = frozenset(Capability)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDeclaration:
    """What a system needs of its server. All of it optional.

    Attributes:
        postgres: major version; None: whatever the server has, from 16 on.
        image: container image instead of `postgres:<major>`.
        extensions: names that CREATE EXTENSION must be able to find.
        locale: `C.UTF-8`, `en_US.UTF-8`, `builtin:C.UTF-8` (17 and later) or `icu:de-DE`.
        settings: server settings by name, for example `shared_preload_libraries`.
        profile: how durable it writes.
        room: bytes that the data may come to take, used to choose between memory and disk.
    """

    postgres: int | None = None
    image: str | None = None
    extensions: tuple[str, ...] = ()
    locale: str | None = None
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    profile: Profile = Profile.FAST
    room: int = USUAL_ROOM

    def __post_init__(self) -> None:
        """Refuse what no server could give.

        Raises:
            ConfigError: a setting that is pgassay's own to choose, or a malformed locale.
            MachineError: a major version that is too old.
        """
        if self.postgres is not None and self.postgres < OLDEST_MAJOR:
            raise too_old(str(self.postgres), where="postgres")
        for name in self.settings:
            if name.lower() in _OURS:
                raise ConfigError(
                    f"the setting {name} cannot be declared",
                    where="settings",
                    why="it decides where the throwaway server is and who reaches it",
                    fix=f"remove {name} from the system's settings",
                )
        self.locale_provider()

    def locale_provider(self) -> tuple[str, str]:
        """Return the provider (libc, builtin, icu) and the locale's name.

        Raises:
            ConfigError: the provider is unknown.
        """
        locale = self.locale or DEFAULT_LOCALE
        provider, colon, name = locale.partition(":")
        if not colon:
            return "libc", locale
        if provider not in {"libc", "builtin", "icu"} or not name:
            raise ConfigError(
                f'"{locale}" is not a locale',
                where="locale",
                expected="NAME, libc:NAME, builtin:NAME or icu:NAME",
            )
        return provider, name

    def image_for(self, major: int) -> str:
        """Return the container image to use."""
        return self.image or f"postgres:{self.postgres or major}"


def too_old(version: str, *, where: str | None = None) -> MachineError:
    """Return the error for a PostgreSQL older than the oldest supported major version."""
    return MachineError(
        f"PostgreSQL {version} is too old",
        where=where,
        expected=f"PostgreSQL {OLDEST_MAJOR} or later",
        why="catalogs, SQLSTATEs and EXPLAIN are known from 16 on",
        fix="use --server embedded (it needs nothing installed), or a newer server",
    )
