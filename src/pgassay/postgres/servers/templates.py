"""Finished databases kept between runs: migrate once, then copy the whole cluster.

On a warm run nothing is migrated: the data directory with the template databases in it is copied
from the cache, which takes as long as copying an empty one. Containers and external servers keep
nothing between runs; there the template is built once a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING

from pgassay.postgres.servers.cluster_cache import ClusterCache
from pgassay.postgres.servers.local import LocalServer
from pgassay.postgres.servers.opening import (
    AUTO,
    choose,
    cluster_key,
    make_local,
    open_remote,
    template_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.postgres.servers.declaration import ServerDeclaration
    from pgassay.postgres.servers.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A server with the templates in it.

    Attributes:
        server: to be closed by whoever leased it.
        built: whether `build` was called; False on a warm run.
    """

    server: Server
    built: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStore:
    """Leases servers on which `build` has been done, in this run or in an earlier one.

    Attributes:
        declaration: what the system needs of its server.
        choice: auto, container, embedded, system or a URL.
        cache: where clusters are kept.
        tcp: listen on loopback too.
    """

    declaration: ServerDeclaration
    choice: str = AUTO
    cache: ClusterCache = field(default_factory=ClusterCache.default)
    tcp: bool = True

    def lease(
        self, key: str, build: Callable[[Server], None], meanwhile: Callable[[], object] = int
    ) -> Lease:
        """Return a server that has the databases `build` makes.

        Args:
            key: stands for all that `build` reads: route files, models, library versions,
                environment variables. The server's version, settings, locale and profile are
                added here.
            build: makes the databases, by names that depend on nothing but the key. It must
                leave no connection open.
            meanwhile: called in a thread if there is something to build, while initdb runs and
                processes of their own build; it raises nothing.

        Raises:
            MachineError: no such server can be had here.
            Exception: whatever `build` raises; nothing is kept and the server is closed.
        """
        chosen = choose(self.choice, self.declaration)
        if chosen.binaries is None:
            remote = open_remote(chosen, self.declaration)
            return self._build_each_run(remote, build, meanwhile)
        server = make_local(chosen, self.declaration, tcp=self.tcp)
        full_key = template_key(chosen.binaries, self.declaration, key)
        built = False
        try:
            server.prepare()
            if not server.load(full_key, self.cache):
                with self.cache.building(full_key):
                    if not server.load(full_key, self.cache):
                        beside = Thread(target=meanwhile, daemon=True)
                        beside.start()
                        server.initialise(
                            cluster_key(chosen.binaries, self.declaration), self.cache
                        )
                        server.launch()
                        build(server)
                        beside.join()
                        built = True
                        server.forget_password()
                        server.halt()
                        server.keep(full_key, self.cache)
            server.launch()
        except BaseException:
            server.close()
            raise
        return Lease(server=server, built=built)

    def kept(self, key: str) -> Server | None:
        """Return a server from a cluster that `keep` kept; None if there is none.

        Raises:
            MachineError: there is no room to unpack it.
        """
        chosen = choose(self.choice, self.declaration)
        if chosen.binaries is None:
            return None
        full_key = template_key(chosen.binaries, self.declaration, key)
        size = self.cache.size_of(full_key)
        if size is None:
            return None
        room = max(self.declaration.room, size + size // 2)
        declaration = replace(self.declaration, room=room)
        server = make_local(chosen, declaration, tcp=self.tcp)
        try:
            server.prepare()
            if not server.load(full_key, self.cache):
                server.close()
                return None
            server.launch()
        except BaseException:
            server.close()
            raise
        return server

    def keep(self, server: Server, key: str, *, last: bool = False) -> str | None:
        """Keep a server's cluster as it is now; return why not, if not.

        Nobody may be connected to it: it is stopped and, unless that was the last that is wanted of
        it, started again.

        Raises:
            MachineError: it does not stop, or does not start again.
        """
        if not isinstance(server, LocalServer):
            return f"a server that is {server.kind} keeps nothing between runs"
        chosen = choose(self.choice, self.declaration)
        assert chosen.binaries is not None
        server.forget_password()
        server.halt()
        full_key = template_key(chosen.binaries, self.declaration, key)
        with self.cache.building(full_key):  # others prune what nobody is building
            objection = server.keep(full_key, self.cache)
        if not last:
            server.launch()
        return objection

    @staticmethod
    def _build_each_run(
        server: Server, build: Callable[[Server], None], meanwhile: Callable[[], object]
    ) -> Lease:
        beside = Thread(target=meanwhile, daemon=True)
        beside.start()
        try:
            build(server)
            beside.join()
        except BaseException:
            server.close()
            raise
        return Lease(server=server, built=True)
