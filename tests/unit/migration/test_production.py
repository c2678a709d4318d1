"""What stands for production: a snapshot, a profile, or what the configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.config import System
from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import Held, IndexSeen, RelationSeen, Snapshot
from pgassay.core.trace import RelationSize
from pgassay.run.migration.production import Production, production_of, sizes_in

if TYPE_CHECKING:
    from pathlib import Path

LOG = QualifiedName("public", "log")
PARTS = (QualifiedName("public", "log_1"), QualifiedName("public", "log_2"))
SNAPSHOT = Snapshot(
    database="shop",
    role="r",
    version=180000,
    taken="2026-01-01T00:00:00+00:00",
    relations=(
        RelationSeen(name=LOG, kind=Held.PARTITIONED, rows=30),
        *(
            RelationSeen(
                name=part,
                rows=rows,
                pages=2,
                blocks=2,
                parent=LOG,
                bound="DEFAULT",
                indexes=(IndexSeen(name=part, method="btree", blocks=3),),
            )
            for part, rows in zip(PARTS, (20, -1), strict=True)
        ),
    ),
)


@pytest.fixture
def prod(tmp_path: Path) -> Path:
    path = tmp_path / "prod.json"
    path.write_text(SNAPSHOT.text())
    return path


def test_a_snapshot_is_known_from_a_profile(prod: Path) -> None:
    plain = System(name="shop")

    assert production_of(plain, str(prod)) == Production(name="prod.json", snapshot=SNAPSHOT)
    assert production_of(plain, "medium") == Production(name="medium")
    assert production_of(plain, None) is None


def test_a_profile_in_a_file_is_no_snapshot_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "shop"
    path.write_text('size = "small"')

    assert production_of(System(name="shop"), str(path)) == Production(name="shop", path=str(path))


def test_the_configuration_stands_where_nothing_is_said(prod: Path) -> None:
    system = System(name="shop", production=prod)

    assert production_of(system, None) == Production(name="prod.json", snapshot=SNAPSHOT)
    assert production_of(system, "small") == Production(name="small")


def test_a_damaged_snapshot_is_refused_with_its_place(prod: Path) -> None:
    prod.write_text(prod.read_text()[:-20])

    with pytest.raises(ConfigError) as refused:
        production_of(System(name="shop"), str(prod))
    assert refused.value.where == str(prod)
    with pytest.raises(ConfigError, match="cannot be read"):
        production_of(System(name="shop"), str(prod.with_name("none.json")))


def test_a_partitioned_table_has_what_its_partitions_have() -> None:
    sizes = {one.relation: one for one in sizes_in(SNAPSHOT)}

    assert sizes[LOG] == RelationSize(relation=LOG, rows=20, bytes=10 * 8192, heap=4 * 8192)
    assert sizes[PARTS[1]].rows == 0
