"""What is kept between runs: shared safely, noticed when damaged, never used when out of date."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.servers import (
    ClusterCache,
    Profile,
    ServerDeclaration,
    TemplateStore,
    open_server,
)
from pgassay.postgres.servers.binaries import Binaries, find_embedded, identify
from pgassay.postgres.servers.declaration import ServerKind
from pgassay.postgres.servers.local import LocalServer
from pgassay.postgres.servers.opening import cluster_key, template_key

from .conftest import run_folders, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from pgassay.postgres.servers import Server

RACE = """
    import sys
    from pgassay.postgres.servers import ServerDeclaration, TemplateStore
    built = []
    def build(server):
        built.append(1)
        server.create_database("made")
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    lease = store.lease("raced for", build)
    with lease.server as server, server.connect("made"):
        print(len(built), flush=True)
"""


def build(server: Server) -> None:
    server.create_database("made")


def lease(key: str = "key") -> bool:
    """Whether the template had to be built; it is there either way."""
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    found = store.lease(key, build)
    with found.server as server, server.connect("made"):
        return found.built


@pytest.mark.parametrize("share", [0.5, 1])
def test_a_template_cut_short_is_built_again(cold_cache: Path, share: float) -> None:
    """Also the empty cluster that it would be built from."""
    assert lease()
    for pack in cold_cache.glob("*.pack"):
        content = pack.read_bytes()
        pack.write_bytes(content[: int((len(content) - 1) * share)])

    assert lease()
    assert not lease()


def test_two_runs_at_once_build_once(
    place: Path, cold_cache: Path, own: Callable[[str], subprocess.Popen[str]]
) -> None:
    owners = [own(RACE), own(RACE)]
    said = []
    for owner in owners:
        assert owner.stdout is not None
        said.append(owner.stdout.readline())
        assert owner.wait(timeout=30) == 0

    assert sorted(said) == ["0\n", "1\n"]
    assert wait_until(lambda: not run_folders(place))


def test_every_fact_that_shapes_a_cluster_leads_to_another_key() -> None:
    found = find_embedded(ServerDeclaration())
    assert isinstance(found, Binaries)
    plain = ServerDeclaration()
    keys = [
        cluster_key(found, plain),
        cluster_key(replace(found, version="18.999"), plain),
        cluster_key(found, ServerDeclaration(locale="C")),
        cluster_key(found, ServerDeclaration(locale="builtin:C.UTF-8")),
        template_key(found, plain, "key"),
        template_key(found, plain, "another key"),
        template_key(replace(found, version="18.999"), plain, "key"),
        template_key(found, ServerDeclaration(profile=Profile.FAITHFUL), "key"),
        template_key(found, ServerDeclaration(settings={"work_mem": "1MB"}), "key"),
        template_key(found, ServerDeclaration(extensions=("citext",)), "key"),
        template_key(found, ServerDeclaration(locale="C"), "key"),
    ]
    assert len(set(keys)) == len(keys)
    assert cluster_key(found, ServerDeclaration(settings={"work_mem": "1MB"})) == keys[0]


def test_programs_that_changed_lead_to_another_key(tmp_path: Path) -> None:
    """Same folder, same version said, other file: a rebuilt server of one's own."""
    for name in ("postgres", "initdb"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.6'\n")
        program.chmod(0o755)
    before = find_in(tmp_path)
    first = before.fingerprint
    assert find_in(tmp_path).fingerprint == first
    os.utime(tmp_path / "postgres", (1, 1))
    assert find_in(tmp_path).fingerprint != first


def find_in(folder: Path) -> Binaries:
    found = identify(folder, ServerKind.EMBEDDED, "here")
    assert isinstance(found, Binaries)
    return found


def test_a_password_is_not_kept(cold_cache: Path) -> None:
    def ask(server: Server) -> None:
        server.create_database("made")
        server.url("made")

    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    store.lease("with a password", ask).server.close()
    with store.lease("with a password", ask).server as server, server.connect("made") as session:
        row = session.execute("select rolpassword from pg_authid where oid = 10").fetchone()
    assert row == (None,)


def test_a_cache_that_cannot_be_written_costs_time_only(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "file").write_text("")
    monkeypatch.setenv("PGASSAY_CACHE", str(place / "file"))
    with open_server("embedded") as server, server.connect("postgres"):
        assert isinstance(server, LocalServer)
        assert "cannot be written" in server.notes[0]


def test_a_pack_in_use_may_be_pruned(cold_cache: Path) -> None:
    store = TemplateStore(declaration=ServerDeclaration(), choice="embedded")
    with store.lease("key", build).server as server:
        removed = ClusterCache(folder=cold_cache, age_limit=-1).prune()
        assert len([path for path in removed if path.suffix == ".pack"]) == 2
        with server.connect("made") as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert lease()


class PrunedMeanwhile(ClusterCache):
    """A cache in which another run prunes while a cluster is being written."""

    def write(self, key: str, cluster: Path, *, on_partial: Callable[[Path], None]) -> str | None:
        unfinished = self.folder / f"{key}.0.partial"
        unfinished.touch()
        assert unfinished not in ClusterCache(folder=self.folder).prune()
        unfinished.unlink()
        return super().write(key, cluster, on_partial=on_partial)


def test_what_is_kept_later_is_not_pruned_by_others_while_it_is_written(cold_cache: Path) -> None:
    declaration = ServerDeclaration()
    with (
        TemplateStore(declaration=declaration, choice="embedded").lease("key", build).server as (
            server
        )
    ):
        later = TemplateStore(
            declaration=declaration, choice="embedded", cache=PrunedMeanwhile(folder=cold_cache)
        )
        assert later.keep(server, "filled") is None
        kept = later.kept("filled")
        assert kept is not None
        with kept, kept.connect("made") as connection:
            assert connection.execute("select 1").fetchone() == (1,)
