"""A snapshot of one schema as that of another: what is carried, divided, put together, in doubt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from pgassay.core.layout import ColumnLaid, IndexLaid, Layout, RelationLaid
from pgassay.core.names import QualifiedName
from pgassay.core.snapshot import ColumnSeen, Held, IndexSeen, RelationSeen, Snapshot
from pgassay.core.statistics import ColumnStatistics
from pgassay.staging.deriving import Made, derived
from pgassay.staging.dividing import Share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.staging.deriving import Derived


def name(text: str) -> QualifiedName:
    return QualifiedName("public", text)


LOG, OLD, LATER = name("log"), name("log_1"), name("log_2")
AT, KIND = ColumnLaid(number=1, name="at", type="date"), ColumnLaid(number=2, name="k", type="text")
BY_AT = IndexLaid(oid=20, name=name("log_at"), method="btree", keys=("at",))
TABLE = RelationLaid(oid=10, name=LOG, kind=Held.TABLE, columns=(AT, KIND), indexes=(BY_AT,))
SPREAD = ColumnStatistics(width=4, distinct=-1.0, bounds=("2026-01-01", "2026-12-31"), bins=2)
KINDS = ColumnStatistics(width=8, distinct=100.0)
SEEN = RelationSeen(
    name=LOG,
    rows=1_000_000,
    pages=9_000,
    blocks=10_000,
    visible=8_000,
    columns=(
        ColumnSeen(name="at", type="date", statistics=(SPREAD,)),
        ColumnSeen(name="k", type="text", statistics=(KINDS,)),
    ),
    indexes=(
        IndexSeen(
            name=BY_AT.name, method="btree", keys=("at",), rows=1e6, pages=900, blocks=900, height=2
        ),
    ),
)


@dataclass
class Known:
    """What a server would say; each test says it."""

    shares: Mapping[QualifiedName, Share] | None = None
    new: Mapping[QualifiedName, Made] = field(default_factory=dict)
    casts: Mapping[str, ColumnStatistics] = field(default_factory=dict)

    def spread(
        self, table: RelationLaid, key: str, known: ColumnStatistics
    ) -> Mapping[QualifiedName, Share] | None:
        assert (table.name, key, known) == (LOG, "at", SPREAD)
        return self.shares

    def made(self, relation: RelationLaid, columns: Sequence[ColumnLaid]) -> Made:
        del columns
        return self.new.get(relation.name, Made())

    def retyped(self, found: ColumnStatistics, type_: str) -> ColumnStatistics | None:
        del found
        return self.casts.get(type_)


def behind(*relations: RelationLaid, known: Known | None = None) -> Derived:
    before = Layout({LOG: TABLE})
    there = Layout({relation.name: relation for relation in relations})
    return derived(snapshot(SEEN), before, there, known or Known())


def snapshot(*relations: RelationSeen) -> Snapshot:
    return Snapshot(database="d", role="r", version=180000, taken="", relations=relations)


def test_what_stays_keeps_what_was_measured_also_under_another_name() -> None:
    moved = replace(
        TABLE,
        name=LATER,
        columns=(replace(AT, name="when"), KIND),
        indexes=(replace(BY_AT, name=name("log_when"), keys=("when",)),),
    )
    found = behind(moved)
    (relation,) = found.snapshot.relations

    assert (relation.name, relation.rows, relation.blocks) == (LATER, SEEN.rows, SEEN.blocks)
    assert [column.name for column in relation.columns] == ["when", "k"]
    assert relation.columns[0].statistics == (SPREAD,)
    (index,) = relation.indexes
    assert (index.name, index.keys, index.blocks) == (name("log_when"), ("when",), 900)
    assert found.doubts == {}


def test_an_index_that_is_gone_is_left_out_and_a_new_one_left_to_be_estimated() -> None:
    other = IndexLaid(oid=21, name=name("log_k"), method="btree", keys=("k",))
    (relation,) = behind(replace(TABLE, indexes=(other,))).snapshot.relations

    assert relation.indexes == ()


def test_an_index_that_was_made_again_is_known_by_what_it_is() -> None:
    again = replace(BY_AT, oid=99, name=name("log_by_at"))
    (relation,) = behind(replace(TABLE, oid=TABLE.oid, indexes=(again,))).snapshot.relations

    assert [index.name for index in relation.indexes] == [again.name]
    assert relation.indexes[0].blocks == 900


def test_a_dropped_table_is_gone() -> None:
    assert behind().snapshot.relations == ()


PARTS = (
    replace(TABLE, oid=11, kind=Held.PARTITIONED, key=("at",), indexes=(replace(BY_AT, oid=30),)),
    *(
        RelationLaid(
            oid=oid,
            name=part,
            kind=Held.TABLE,
            parent=LOG,
            bound=bound,
            columns=(AT, KIND),
            indexes=(
                replace(BY_AT, oid=oid + 20, name=name(f"{part.name}_at"), parent=BY_AT.name),
            ),
        )
        for oid, part, bound in (
            (12, OLD, "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')"),
            (13, LATER, "DEFAULT"),
        )
    ),
)


def test_a_table_that_is_divided_gives_its_rows_to_its_partitions() -> None:
    key = replace(SPREAD, bounds=("2026-01-01", "2026-01-31"))
    known = Known(
        new={LOG: Made(rows=9)},
        shares={OLD: Share(rows=0.1, key=key), LATER: Share(rows=0.9)},
    )
    found = behind(*PARTS, known=known)
    whole, old, later = found.snapshot.relations

    assert (whole.kind, whole.blocks, whole.rows) == (Held.PARTITIONED, 0, SEEN.rows)
    assert whole.columns[0].statistics == (replace(SPREAD, inherited=True),)
    assert (old.rows, old.blocks, old.pages, old.visible) == (100_000, 1_000, 900, 800)
    assert (old.parent, old.bound) == (LOG, PARTS[1].bound)
    assert old.columns[0].statistics == (key,)
    assert (old.columns[0].low, old.columns[0].high) == ("2026-01-01", "2026-01-31")
    # A tenth of a million rows still shows all of a hundred values.
    assert old.columns[1].statistics[0].distinct == pytest.approx(100)
    assert [(i.parent, i.blocks, i.height) for i in old.indexes] == [(BY_AT.name, 90, None)]
    assert later.rows == 900_000
    assert found.doubts == {}


def test_rows_that_no_partition_takes_are_a_doubt() -> None:
    known = Known(new={LOG: Made(rows=9)}, shares={OLD: Share(rows=0.1), LATER: Share(rows=0.0)})
    found = behind(*PARTS, known=known)

    assert found.doubts == {LOG: ("90% of production's rows are of no partition of log",)}
    assert found.snapshot.relations[2].columns[0].statistics == ()


def test_a_key_whose_spread_is_unknown_is_a_doubt() -> None:
    found = behind(*PARTS, known=Known(new={LOG: Made(rows=9)}))

    assert "how its key is spread is not known" in found.doubts[LOG][0]
    assert [r.rows for r in found.snapshot.relations[1:]] == [500_000, 500_000]


def test_partitions_are_put_together_again() -> None:
    before = Layout({one.name: one for one in PARTS})
    taken = derived(
        snapshot(SEEN),
        Layout({LOG: TABLE}),
        before,
        Known(
            new={LOG: Made(rows=9)},
            shares={OLD: Share(rows=0.25), LATER: Share(rows=0.75)},
        ),
    ).snapshot
    plain = replace(TABLE, oid=50, indexes=(replace(BY_AT, oid=51),))
    known = Known(new={LOG: Made(rows=9)})
    (relation,) = derived(taken, before, Layout({LOG: plain}), known).snapshot.relations
    fitted = derived(taken, Layout({LOG: plain}), Layout({LOG: plain}), known).snapshot

    assert (relation.kind, relation.rows, relation.blocks) == (Held.TABLE, SEEN.rows, SEEN.blocks)
    assert relation.columns[0].statistics == (SPREAD,)
    assert [(index.name, index.blocks) for index in relation.indexes] == [(BY_AT.name, 900)]
    # A schema that never had the partitions has no rows of theirs beside the table's.
    assert [one.rows for one in fitted.relations] == [SEEN.rows]


def test_a_table_in_the_place_of_another_has_its_rows_only_if_they_were_moved() -> None:
    other = replace(TABLE, oid=77)

    (moved,) = behind(other, known=Known(new={LOG: Made(rows=9)})).snapshot.relations
    (empty,) = behind(other).snapshot.relations

    assert (moved.rows, empty.rows) == (SEEN.rows, -1)


def test_a_new_table_that_the_revision_fills_is_a_doubt_and_an_empty_one_is_not() -> None:
    new = RelationLaid(oid=60, name=LATER, kind=Held.TABLE, columns=(AT,))

    assert behind(TABLE, new).doubts == {}
    found = behind(TABLE, new, known=Known(new={LATER: Made(rows=7, blocks=1)}))
    assert list(found.doubts) == [LATER]
    assert found.snapshot.relations[1].rows == 7


@pytest.mark.parametrize("certain", [True, False])
def test_a_new_column_is_certain_where_every_row_has_the_same(certain: bool) -> None:
    new = replace(TABLE, columns=(*TABLE.columns, ColumnLaid(number=3, name="n", type="int")))
    spread = ColumnStatistics(width=4, distinct=1.0)
    made = Made(rows=9, columns={"n": spread}, certain=frozenset("n" if certain else ""))
    found = behind(new, known=Known(new={LOG: made}))

    assert found.snapshot.relations[0].columns[2].statistics == (spread,)
    assert bool(found.doubts) is not certain


def test_another_type_makes_rows_wider_and_is_a_doubt_where_values_do_not_fit() -> None:
    wider = replace(TABLE, columns=(replace(AT, type="timestamp"), KIND))
    cast = replace(SPREAD, width=8, bounds=("2026-01-01 00:00:00", "2026-12-31 00:00:00"))
    found = behind(wider, known=Known(casts={"timestamp": cast}))
    (relation,) = found.snapshot.relations

    assert relation.columns[0].statistics == (cast,)
    assert relation.blocks == 11_000  # 44 bytes a row instead of 40
    assert found.doubts == {}
    assert "not known as that" in behind(wider).doubts[LOG][0]
