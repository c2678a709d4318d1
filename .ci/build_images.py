#!/usr/bin/env python3
"""Builds postgres:16, postgres:17 and postgres:18 where no image can be pulled.

    python3 .ci/build_images.py SOCKET DIR [MAJOR ...]      (docker_engine.py calls this itself)

Each image is two layers: a Debian base, the same for all, and the binaries of one major version
with the entrypoint beside this file (image/). They are written as the archive that `docker load`
reads, so no builder and no registry is involved. What was built before is kept in DIR and in the
engine, keyed by everything that went into it.

The images carry the label org.pgassay.recipe. An image of that name without the label came from
elsewhere and is left alone: it is the better one.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import io
import json
import platform
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from debian_base import POSTGRES_ID, ensure_base
from engine_api import EngineApiError, image_labels, load_images, remove_image
from provision_postgres import SUPPORTED_MAJORS, ProvisionError, provide, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LABEL = "org.pgassay.recipe"
_ENTRYPOINT = Path(__file__).with_name("image") / "docker-entrypoint.sh"
# The libraries' own search path (RUNPATH) inside the binaries names this place.
_PREFIX = "opt/postgresql"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
# From here on the usual image keeps each major version's data in a directory of its own.
_FIRST_WITH_DIRECTORY_BY_MAJOR = 18
# Only what compiles extensions needs these.
_LEFT_OUT = ("include", "lib/pgxs", "lib/pkgconfig")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line above; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build postgres images for an engine.")
    parser.add_argument("socket", type=Path, metavar="SOCKET")
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("majors", nargs="*", type=int, choices=[*SUPPORTED_MAJORS, []])
    options = parser.parse_args(arguments)
    majors = options.majors or SUPPORTED_MAJORS
    try:
        built = ensure_images(options.socket, options.directory.resolve(), majors)
    except (ProvisionError, OSError) as error:
        print(f"build_images: {error}", file=sys.stderr)
        return 1
    print(f"built {', '.join(built)}" if built else "images already there")
    return 0


def ensure_images(socket: Path, directory: Path, majors: Sequence[int]) -> list[str]:
    """Makes sure that the engine has postgres:<major> of each; returns the names built now.

    Raises ProvisionError, or OSError when the engine does not answer.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "images.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return [f"postgres:{major}" for major in majors if _build(socket, directory, major)]
        except EngineApiError as error:
            raise ProvisionError(f"the engine refused an image: {error}") from error


def _build(socket: Path, directory: Path, major: int) -> bool:
    name = f"postgres:{major}"
    labels = image_labels(socket, name)
    if labels is not None and LABEL not in labels:
        print(f"{name} came from elsewhere and stays as it is", file=sys.stderr, flush=True)
        return False
    binaries = provide(major, directory / "postgres")
    base = ensure_base(directory / "base")
    recipe = _recipe(base, version_of(binaries, major))
    if labels is not None:
        if labels[LABEL] == recipe:
            return False
        remove_image(socket, name)  # made by us from an older recipe; do not pile up
    with tempfile.TemporaryDirectory(prefix="image.", dir=directory) as scratch:
        layer = Path(scratch) / "layer.tar"
        _write_layer(layer, binaries)
        with _archive(
            Path(scratch), name, [base, layer], _configuration(binaries, major, recipe)
        ) as (archive):
            load_images(socket, archive)
    return True


def _recipe(base: Path, version: str) -> str:
    """A digest of all that decides what the image holds."""
    digest = hashlib.sha256()
    for part in (base.name, version):
        digest.update(part.encode() + b"\0")
    for path in (_ENTRYPOINT, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _write_layer(target: Path, binaries: Path) -> None:
    with tarfile.open(target, "w") as tar:
        for path in sorted(binaries.rglob("*")):
            inside = path.relative_to(binaries).as_posix()
            if inside.startswith(_LEFT_OUT) or path.suffix == ".a":
                continue
            if inside.endswith("postgresql.conf.sample"):
                # A server that listens only inside its container is of no use.
                text = path.read_text() + "\nlisten_addresses = '*'\n"
                _add_bytes(tar, f"{_PREFIX}/{inside}", text.encode(), mode=0o644)
            else:
                tar.add(path, f"{_PREFIX}/{inside}", recursive=False, filter=_as_root)
        for name in ("var/lib/postgresql", "var/lib/postgresql/data"):
            _add_data_directory(tar, name)
        _add_bytes(tar, "usr/local/bin/docker-entrypoint.sh", _ENTRYPOINT.read_bytes(), mode=0o755)


def _add_data_directory(tar: tarfile.TarFile, name: str) -> None:
    # Open to all, so that the container may also run as another user from the start.
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    member.uid = member.gid = POSTGRES_ID
    member.mode = 0o1777
    tar.addfile(member)


def _as_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes, *, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = mode
    tar.addfile(member, io.BytesIO(content))


def _configuration(binaries: Path, major: int, recipe: str) -> dict[str, object]:
    """What the image of everybody sets too, its data directories included."""
    data = volume = "/var/lib/postgresql/data"
    if major >= _FIRST_WITH_DIRECTORY_BY_MAJOR:
        data, volume = f"/var/lib/postgresql/{major}/docker", "/var/lib/postgresql"
    return {
        "Env": [
            f"PATH=/{_PREFIX}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG=en_US.utf8",
            f"PG_MAJOR={major}",
            f"PG_VERSION={version_of(binaries, major)}",
            f"PGDATA={data}",
        ],
        "Entrypoint": ["docker-entrypoint.sh"],
        "Cmd": ["postgres"],
        "ExposedPorts": {"5432/tcp": {}},
        "Volumes": {volume: {}},
        "StopSignal": "SIGINT",
        "Labels": {LABEL: recipe},
    }


@contextlib.contextmanager
def _archive(
    scratch: Path, name: str, layers: Sequence[Path], configuration: dict[str, object]
) -> Iterator[io.BufferedReader]:
    """An image archive: configuration, layers, and the manifest that names them."""
    machine = platform.machine()
    if machine not in _MACHINES:
        raise ProvisionError(f"no name known for the architecture {machine}")
    image = {
        "architecture": _MACHINES[machine],
        "os": "linux",
        "created": "2000-01-01T00:00:00Z",
        "config": configuration,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{_sha256(p)}" for p in layers]},
        "history": [{"created_by": f"pgassay: {step}"} for step in ("Debian base", name)],
    }
    content = json.dumps(image, sort_keys=True).encode()
    config_name = f"{hashlib.sha256(content).hexdigest()}.json"
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    manifest = [{"Config": config_name, "RepoTags": [name], "Layers": names}]
    path = scratch / "image.tar"
    with tarfile.open(path, "w") as tar:
        _add_bytes(tar, config_name, content, mode=0o644)
        _add_bytes(tar, "manifest.json", json.dumps(manifest).encode(), mode=0o644)
        for layer, inside in zip(layers, names, strict=True):
            tar.add(layer, inside)
    with path.open("rb") as archive:
        yield archive


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
