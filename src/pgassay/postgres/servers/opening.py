"""From a choice and a declaration to a running server, and the line that says which and why."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, MachineError, suggestion
from pgassay.postgres.servers.binaries import Binaries, Unusable, find_embedded, find_system
from pgassay.postgres.servers.cluster_cache import ClusterCache, digest
from pgassay.postgres.servers.configuration import profile_settings
from pgassay.postgres.servers.declaration import (
    OLDEST_MAJOR,
    ServerDeclaration,
    ServerKind,
    too_old,
)
from pgassay.postgres.servers.engine import NEWEST_MAJOR, Engine, EngineState, probe_engine
from pgassay.postgres.servers.identity import server_identity
from pgassay.postgres.servers.local import LocalServer
from pgassay.postgres.servers.run_directory import choose_run_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.postgres.servers.server import Server

AUTO = "auto"
_CHOICES = (AUTO, ServerKind.CONTAINER, ServerKind.EMBEDDED, ServerKind.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which server will be opened, and why that one.

    Attributes:
        kind: what it runs in.
        why: one line for people, without any password.
        binaries: the programs of a local server.
        image: the image of a container.
        engine: the Docker engine of a container.
        url: the address of an external server; never print it.
    """

    kind: ServerKind
    why: str
    binaries: Binaries | None = None
    image: str | None = None
    engine: Engine | None = None
    url: str | None = None


def open_server(
    choice: str = AUTO,
    declaration: ServerDeclaration | None = None,
    *,
    cache: ClusterCache | None = None,
    tcp: bool = True,
) -> Server:
    """Open a throwaway server.

    Args:
        choice: auto, container, embedded, system, or the URL of a server.
        declaration: what the system needs; nothing in particular if left out.
        cache: where clusters are kept between runs; the user's cache if left out.
        tcp: listen on loopback too (a local server; the others always do).

    Raises:
        ConfigError: the choice is not one of these.
        MachineError: no such server can be had here, or it cannot give what is declared.
    """
    declaration = declaration or ServerDeclaration()
    chosen = choose(choice, declaration)
    if chosen.binaries is None:
        return open_remote(chosen, declaration)
    cache = cache or ClusterCache.default()
    server = make_local(chosen, declaration, tcp=tcp)
    try:
        server.prepare()
        server.initialise(cluster_key(chosen.binaries, declaration), cache)
        server.launch()
    except BaseException:
        server.close()
        raise
    return server


def choose(choice: str, declaration: ServerDeclaration) -> Choice:
    """Decide which server to open, without opening it.

    Raises:
        ConfigError: the choice is not one of auto, container, embedded, system or a URL.
        MachineError: nothing here can give what is declared; says for each kind why.
    """
    if "://" in choice or "=" in choice:
        return Choice(kind=ServerKind.EXTERNAL, why="external: the URL given", url=choice)
    if choice not in _CHOICES:
        raise ConfigError(
            f'there is no server "{choice}"',
            where="--server",
            expected=suggestion(choice, (*_CHOICES, "postgresql://…")),
        )
    attempts: dict[ServerKind, Callable[[], Choice | str]] = {
        ServerKind.CONTAINER: lambda: _container(declaration, pull=choice != AUTO),
        ServerKind.EMBEDDED: lambda: _local(find_embedded(declaration), declaration),
        ServerKind.SYSTEM: lambda: _local(find_system(declaration), declaration),
    }
    kinds = list(attempts) if choice == AUTO else [ServerKind(choice)]
    refusals: list[str] = []
    for kind in kinds:
        answer = attempts[kind]()
        if isinstance(answer, Choice):
            because = f" ({'; '.join(refusals)})" if refusals else ""
            return Choice(
                kind=answer.kind,
                why=answer.why + because,
                binaries=answer.binaries,
                image=answer.image,
                engine=answer.engine,
            )
        refusals.append(f"{kind}: {answer}")
    raise _nothing_fits(choice, declaration, refusals)


def make_local(chosen: Choice, declaration: ServerDeclaration, *, tcp: bool) -> LocalServer:
    """Return a local server that is not started yet."""
    assert chosen.binaries is not None
    identity = server_identity()
    return LocalServer(
        binaries=chosen.binaries,
        declaration=declaration,
        identity=identity,
        run=choose_run_directory(declaration.room, identity),
        why=chosen.why,
        tcp=tcp,
    )


def open_remote(chosen: Choice, declaration: ServerDeclaration) -> Server:
    """Open a container or an external server; their modules are imported only now."""
    if chosen.kind is ServerKind.CONTAINER:
        from pgassay.postgres.servers.container import (  # noqa: PLC0415 - imports docker
            open_container,
        )

        assert chosen.image is not None
        assert chosen.engine is not None
        return open_container(chosen.image, chosen.engine, declaration, chosen.why)
    from pgassay.postgres.servers.external import open_external  # noqa: PLC0415 - as above

    assert chosen.url is not None
    return open_external(chosen.url, declaration)


def cluster_key(binaries: Binaries, declaration: ServerDeclaration) -> str:
    """Return the cache key of an empty cluster: what initdb depends on, and nothing else."""
    provider, locale = declaration.locale_provider()
    return digest(
        {
            "content": "empty cluster",
            "binaries": binaries.fingerprint,
            "machine": platform.machine(),
            "locale": f"{provider}:{locale}",
        }
    )


def template_key(binaries: Binaries, declaration: ServerDeclaration, key: str) -> str:
    """Return the cache key of a finished cluster: the empty one's, all settings, the caller's."""
    settings = profile_settings(declaration, binaries.major)
    return digest(
        {
            "content": "template",
            "cluster": cluster_key(binaries, declaration),
            "profile": declaration.profile,
            "extensions": ",".join(sorted(declaration.extensions)),
            "caller": key,
            **{f"setting {name}": value for name, value in settings.items()},
        }
    )


def _container(declaration: ServerDeclaration, *, pull: bool) -> Choice | str:
    image = declaration.image_for(NEWEST_MAJOR)
    probe = probe_engine(image)
    if probe.state is EngineState.SILENT:
        return probe.story
    if probe.state is EngineState.NO_IMAGE and not pull:
        return f"the Docker engine has no image {image} (--server container pulls it)"
    return Choice(
        kind=ServerKind.CONTAINER,
        why=f"container: {image} on the Docker engine at {probe.engine.address}",
        image=image,
        engine=probe.engine,
    )


def _local(found: Binaries | Unusable, declaration: ServerDeclaration) -> Choice | str:
    if isinstance(found, Unusable):
        return f"{found.place}: {found.reason}" if found.place not in found.reason else found.reason
    if found.major < OLDEST_MAJOR:
        return f"PostgreSQL {found.version} at {found.directory} is older than {OLDEST_MAJOR}"
    missing = found.lacks(declaration)
    if missing:
        return f"{found.origin} has not " + ", ".join(missing)
    return Choice(
        kind=found.kind,
        why=f"{found.kind}: PostgreSQL {found.version} from {found.origin}",
        binaries=found,
    )


def _nothing_fits(choice: str, declaration: ServerDeclaration, refusals: list[str]) -> MachineError:
    """Return the error that says what each kind lacks and which one could give it."""
    if choice == ServerKind.SYSTEM:
        found = find_system(declaration)
        if isinstance(found, Binaries) and found.major < OLDEST_MAJOR:
            return too_old(found.version, where=str(found.directory))
    wanted = _wanted(declaration)
    return MachineError(
        "no server here can be used: " + "; ".join(refusals)
        if choice == AUTO
        else f"the {refusals[0]}",
        where=f"--server {choice}",
        expected=wanted,
        fix=_who_can(choice, declaration),
    )


def _wanted(declaration: ServerDeclaration) -> str | None:
    parts = []
    if declaration.postgres:
        parts.append(f"PostgreSQL {declaration.postgres}")
    if declaration.extensions:
        parts.append("the extensions " + ", ".join(declaration.extensions))
    if declaration.locale:
        parts.append(f"the locale {declaration.locale}")
    if declaration.image:
        parts.append(f"the image {declaration.image}")
    return "; ".join(parts) or None


def _who_can(choice: str, declaration: ServerDeclaration) -> str:
    """Name a server that can give what is declared."""
    for kind, find in ((ServerKind.EMBEDDED, find_embedded), (ServerKind.SYSTEM, find_system)):
        if choice not in (kind, AUTO) and isinstance(
            _local(find(declaration), declaration), Choice
        ):
            return f"--server {kind} can give this"
    image = declaration.image_for(NEWEST_MAJOR)
    if choice == ServerKind.CONTAINER:
        return "start a Docker engine, or give a server by URL"
    if declaration.extensions and not declaration.image:
        return (
            "--server container with an `image` that has these extensions can give this, "
            "or the URL of a server that has them"
        )
    return f"--server container can give this from the image {image}, or a server given by URL"
