from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.servers.identity import Identity
from pgassay.postgres.servers.pack import (
    MAGIC,
    DamagedPackError,
    UnpackableClusterError,
    read_pack,
    write_pack,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONTENTS = {
    "PG_VERSION": b"18\n",
    "empty": b"",
    "zeros": bytes(8192),
    "base/1/1259": b"page" + bytes(8188),
    "base/1/inner": bytes(100) + b"after zeros",
    "base/1/sparse": b"a" + bytes(3 << 20) + b"b" + bytes(2 << 20),
    "pg_wal/Straße und Leerzeichen": b"log" * 1000,
}


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    folder = tmp_path / "cluster"
    for name, content in CONTENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "pg_empty").mkdir()
    (folder / "postmaster.pid").write_text("1\n")
    return folder


@pytest.fixture
def pack(cluster: Path, tmp_path: Path) -> Path:
    target = tmp_path / "one.pack"
    with target.open("wb") as file:
        write_pack(cluster, file, {"key": "k"})
    return target


def found(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_packed_is_unpacked_to_the_byte(pack: Path, tmp_path: Path) -> None:
    assert read_pack(pack, tmp_path / "again", Identity()) == {"key": "k"}

    assert found(tmp_path / "again") == CONTENTS
    assert (tmp_path / "again" / "pg_empty").is_dir()


def test_zeros_at_the_end_take_no_room(pack: Path) -> None:
    within = 3 << 20
    assert within < pack.stat().st_size < within + 8192


def test_holes_are_not_read(tmp_path: Path) -> None:
    """A stage's files are as long as production's: reading this one would take minutes."""
    cluster, long = tmp_path / "cluster", 1 << 40
    cluster.mkdir()
    with (cluster / "long").open("wb") as file:
        file.write(b"begin")
        file.truncate(long)
    with (cluster / "middle").open("wb") as file:
        file.seek(5 << 20)
        file.write(b"after a hole")
        file.truncate(9 << 20)
    pack = tmp_path / "holes.pack"
    with pack.open("wb") as file:
        write_pack(cluster, file, {})
    assert pack.stat().st_size < 6 << 20
    read_pack(pack, tmp_path / "again", Identity())
    with (tmp_path / "again" / "long").open("rb") as file:
        assert file.read(8) == b"begin\0\0\0"
        assert file.seek(0, 2) == long
    assert (tmp_path / "again" / "middle").read_bytes() == (cluster / "middle").read_bytes()


def test_unpacked_files_are_for_their_owner_alone(pack: Path, tmp_path: Path) -> None:
    read_pack(pack, tmp_path / "again", Identity())
    again = tmp_path / "again"
    modes = {path.stat().st_mode & 0o777 for path in again.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert again.stat().st_mode & 0o777 == 0o700


def flip(content: bytes, at: int) -> bytes:
    changed = bytearray(content)
    changed[at] ^= 0xFF
    return bytes(changed)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:10], id="within the magic"),
        pytest.param(lambda content: content[: len(MAGIC) + 3], id="within the contents"),
        pytest.param(lambda content: content[:-40], id="within the index"),
        pytest.param(lambda content: content[: 1 << 20], id="within zeros"),
        pytest.param(lambda content: content[:-1], id="one byte short"),
        pytest.param(lambda content: content + b"x", id="one byte long"),
        pytest.param(lambda content: b"other" + content, id="another magic"),
    ],
)
def test_a_pack_that_is_not_whole_is_damaged(
    pack: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    pack.write_bytes(damage(pack.read_bytes()))
    with pytest.raises(DamagedPackError):
        read_pack(pack, tmp_path / "again", Identity())


def test_any_flipped_byte_is_noticed(pack: Path, tmp_path: Path) -> None:
    content = pack.read_bytes()
    small = [*range(0, 5000, 97), *range(len(content) - 5000, len(content), 97)]
    positions = sorted({*small, len(content) // 2, len(content) - 1})
    for number, at in enumerate(positions):
        pack.write_bytes(flip(content, at))
        with pytest.raises((DamagedPackError, OSError)):
            read_pack(pack, tmp_path / str(number), Identity())


@pytest.mark.parametrize("path", ["/etc/evil", "../evil", "base/../../evil"])
def test_a_path_out_of_the_cluster_is_refused(tmp_path: Path, path: str) -> None:
    """A cache may be shared, and root reads it too."""
    index = json.dumps(
        {
            "facts": {},
            "checksum": zlib.crc32(b"x"),
            "entries": [[".", True, 0, 0], [path, False, 1, 1]],
        }
    ).encode()
    source = tmp_path / "evil.pack"
    source.write_bytes(MAGIC + b"x" + index + struct.pack(">QI", len(index), zlib.crc32(index)))
    with pytest.raises(DamagedPackError, match="leads out"):
        read_pack(source, tmp_path / "again", Identity())
    assert not (tmp_path / "evil").exists()


def test_a_tablespace_elsewhere_is_not_packed(cluster: Path, tmp_path: Path) -> None:
    (cluster / "pg_tblspc").mkdir()
    (cluster / "pg_tblspc" / "16384").symlink_to(tmp_path)
    with (
        (tmp_path / "two.pack").open("wb") as file,
        pytest.raises(UnpackableClusterError, match="16384"),
    ):
        write_pack(cluster, file, {})


def test_what_the_place_refuses_is_not_taken_for_damage(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    with pytest.raises(FileExistsError):
        read_pack(pack, tmp_path / "again", Identity())
