from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.servers.cluster_cache import ClusterCache, digest

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_000_000.0


def put(cache: ClusterCache, name: str, *, size: int, age: float) -> Path:
    path = cache.folder / name
    path.write_bytes(bytes(size))
    os.utime(path, (NOW - age, NOW - age))
    return path


@pytest.fixture
def cache(tmp_path: Path) -> ClusterCache:
    return ClusterCache(folder=tmp_path, size_limit=100, age_limit=50)


def test_what_was_not_used_for_long_goes(cache: ClusterCache) -> None:
    put(cache, "new.pack", size=1, age=49)
    old = put(cache, "old.pack", size=1, age=51)
    assert cache.prune(now=NOW) == [old]
    assert not old.exists()


def test_the_least_recently_used_goes_first(cache: ClusterCache) -> None:
    kept = [put(cache, f"{age}.pack", size=40, age=age) for age in (1, 2)]
    gone = [put(cache, f"{age}.pack", size=40, age=age) for age in (3, 4)]
    assert sorted(cache.prune(now=NOW)) == sorted(gone)
    assert all(path.exists() for path in kept)


def test_the_newest_stays_however_large_it_is(cache: ClusterCache) -> None:
    put(cache, "large.pack", size=1000, age=1)
    assert cache.prune(now=NOW) == []


def test_an_unfinished_file_of_a_dead_run_goes_and_of_a_living_one_stays(
    cache: ClusterCache,
) -> None:
    dead = put(cache, "dead.1.partial", size=1, age=1)
    living = put(cache, "living.1.partial", size=1, age=1)
    with cache.building("living"):
        assert cache.prune(now=NOW) == [dead]
        assert living.exists()


def test_files_of_others_stay(cache: ClusterCache) -> None:
    other = put(cache, "notes.txt", size=1000, age=1000)
    assert cache.prune(now=NOW) == []
    assert other.exists()


def test_a_failed_write_leaves_nothing(cache: ClusterCache, tmp_path: Path) -> None:
    told: list[Path] = []
    objection = cache.write("key", tmp_path / "no such cluster", on_partial=told.append)
    assert objection is None or "cannot be written" in objection
    assert [path.exists() for path in told] == [False]


def test_a_digest_tells_names_and_facts_apart() -> None:
    digests = [
        digest({"a": "b"}),
        digest({"a": "b", "c": ""}),
        digest({"a": "", "b": ""}),
        digest({"ab": ""}),
        digest({"a": "b\nc=d"}),
        digest({"a": "b", "c": "d"}),
    ]
    assert len(set(digests)) == len(digests)
    assert digest({"a": "1", "b": "2"}) == digest({"b": "2", "a": "1"})
