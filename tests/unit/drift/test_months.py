"""Partitions by time: which exist is no promise; their width, sequence and likeness are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pgassay.core.catalog import Catalog, Partition, PartitionKey, PartitionStrategy, Table
from pgassay.core.config import PartitionRule
from pgassay.drift.lock import read_lock, write_lock
from pgassay.drift.policy import DriftPolicy
from tests.unit.drift.sample import (
    BIGINT,
    READ,
    TEXT,
    check,
    columns,
    database,
    drift,
    family,
    index,
    monthly,
    months,
    partition,
    partitioned,
    public,
    table,
)

MONTHLY = DriftPolicy(partitions=(PartitionRule(table=public("events"), every="month"),))


def kinds(promised: Catalog, built: Catalog, policy: DriftPolicy = DriftPolicy()) -> list[str]:  # noqa: B008 - frozen
    return [f.discriminator.partition(":")[0] for f in drift(promised, built, policy=policy)]


def with_bounds(*bounds: str) -> Catalog:
    parent = partitioned()
    parts = [partition(parent, f"events_{n}", bound) for n, bound in enumerate(bounds)]
    return database(parent, *parts)


def span(start: str, end: str) -> str:
    return f"FOR VALUES FROM ('{start}') TO ('{end}')"


class TestWhichExist:
    @pytest.mark.parametrize(
        "built",
        [
            ("2026-01",),
            ("2026-01", "2026-02", "2026-03", "2026-04"),
            ("2031-11", "2031-12", "2032-01"),
        ],
    )
    def test_other_months_are_no_difference(self, built: tuple[str, ...]) -> None:
        promised = database(*family("2026-01", "2026-02"))

        assert drift(promised, database(*family(*built))) == ()
        assert drift(read_lock(write_lock(promised)), database(*family(*built))) == ()

    def test_months_that_only_the_migrations_create_are_no_difference(self) -> None:
        assert drift(database(*family()), database(*family("2026-01", "2026-02"))) == ()

    def test_no_month_at_all_is_a_difference_from_some(self) -> None:
        found = drift(database(*family("2026-01")), database(*family()))

        assert [f.title for f in found] == [
            "one partition a month was promised, and no partition but the default is there"
        ]

    def test_a_lost_default_is_a_difference(self) -> None:
        promised, built = family("2026-01"), family("2026-01", default=False)

        (found,) = drift(database(*promised), database(*built))

        assert found.subject.object == "events_default"
        assert found.fix == (
            "CREATE TABLE public.events_default PARTITION OF public.events DEFAULT;"
        )
        assert kinds(database(*built), database(*promised)) == ["partition extra"]

    def test_other_names_of_months_are_no_difference(self) -> None:
        parent = partitioned()
        other = partition(parent, "events_y2026m01", monthly("2026-01"))

        assert drift(database(*family("2026-01", default=False)), database(parent, other)) == ()

    def test_partitions_by_list_are_a_promise(self) -> None:
        parent = replace(
            partitioned(),
            partition_key=PartitionKey(
                strategy=PartitionStrategy.LIST, columns=("kind",), definition="LIST (kind)"
            ),
        )
        one = partition(parent, "events_a", "FOR VALUES IN ('a')")
        two = partition(parent, "events_b", "FOR VALUES IN ('b')")

        assert kinds(database(parent, one, two), database(parent, one)) == ["partition missing"]

    def test_partitions_by_number_are_a_promise(self) -> None:
        assert kinds(
            with_bounds("FOR VALUES FROM (1) TO (10)", "FOR VALUES FROM (10) TO (20)"),
            with_bounds("FOR VALUES FROM (1) TO (10)"),
        ) == ["partition missing"]


class TestThePattern:
    def test_weeks_are_no_months(self) -> None:
        built = with_bounds(span("2026-01-05", "2026-01-12"), span("2026-01-12", "2026-01-19"))

        (found,) = drift(database(*family("2026-01", default=False)), built)

        assert found.title.startswith("one partition a week, counted from 1970-01-05")
        assert found.title.endswith("instead of one partition a month")
        assert found.subject.object == "events"

    def test_months_that_begin_on_another_day_are_another_pattern(self) -> None:
        built = with_bounds(span("2026-01-15", "2026-02-15"))

        assert kinds(database(*family("2026-01", default=False)), built) == ["table pattern"]

    def test_a_lock_holds_the_pattern(self) -> None:
        promised = read_lock(write_lock(database(*family("2026-01", "2026-02", default=False))))

        assert kinds(promised, with_bounds(span("2026-01-01", "2027-01-01"))) == ["table pattern"]

    def test_a_declared_rule_is_held_against_what_is_built(self) -> None:
        built = with_bounds(span("2026-01-01", "2026-02-01"), span("2026-02-01", "2026-03-01"))
        years = with_bounds(span("2026-01-01", "2027-01-01"))
        promised = database(partitioned())

        assert kinds(promised, built, MONTHLY) == []
        assert kinds(promised, years, MONTHLY) == ["table pattern"]

    def test_a_contract_that_is_not_as_declared_is_told(self) -> None:
        years = with_bounds(span("2026-01-01", "2027-01-01"))

        assert kinds(years, years, MONTHLY) == ["table declared pattern"]

    def test_bounds_with_a_time_zone_are_the_same_instants(self) -> None:
        berlin = with_bounds(span("2026-01-01 01:00:00+01", "2026-02-01 01:00:00+01"))
        utc = with_bounds(span("2026-05-01 00:00:00+00", "2026-06-01 00:00:00+00"))

        assert drift(berlin, utc) == ()

    @pytest.mark.parametrize(
        ("bounds", "title"),
        [
            ((span("2026-01-01", "2026-01-02"),), "one partition a day"),
            ((span("2026-01-01", "2026-04-01"),), "one partition a quarter"),
            ((span("2024-02-01", "2025-02-01"),), "one partition a year, counted from 1970-02-01"),
            ((span("2026-01-01 06:00:00", "2026-01-01 12:00:00"),), "one partition every 6 hours"),
            ((span("2026-02-01", "2026-04-01"),), "one partition every 2 months, counted from"),
        ],
    )
    def test_every_width_has_its_words(self, bounds: tuple[str, ...], title: str) -> None:
        (found,) = drift(database(*family("2026-01", default=False)), with_bounds(*bounds))

        assert found.title.startswith(title)


class TestTheSequence:
    def test_a_month_lost_in_between_is_a_gap_and_can_be_filled(self) -> None:
        built = database(*family("2026-01", "2026-03"))

        (found,) = drift(database(*family("2026-01")), built)

        assert found.title == "no partition covers 2026-02-01 00:00:00 to 2026-03-01 00:00:00"
        assert found.fix == (
            "CREATE TABLE public.events_2026_02 PARTITION OF public.events "
            "FOR VALUES FROM ('2026-02-01 00:00:00') TO ('2026-03-01 00:00:00');"
        )

    def test_two_months_lost_are_filled_one_by_one_over_new_year(self) -> None:
        built = database(*family("2026-11", "2027-02"))

        (found,) = drift(database(*family()), built)

        assert [line.split()[2] for line in found.fix.splitlines()] == [
            "public.events_2026_12", "public.events_2027_01",
        ]  # fmt: skip

    def test_a_gap_that_the_contract_has_is_no_difference(self) -> None:
        gap = database(*family("2026-01", "2026-03"))

        assert drift(gap, gap) == ()
        assert drift(read_lock(write_lock(gap)), gap) == ()

    def test_a_moved_bound_is_told_with_the_right_one(self) -> None:
        built = with_bounds(
            span("2026-01-01", "2026-02-01"),
            span("2026-02-01", "2026-02-28"),
            span("2026-03-01", "2026-04-01"),
        )

        (found,) = drift(database(*family("2026-01", default=False)), built)

        assert found.subject.object == "events_1"
        assert found.expected == span("2026-02-01", "2026-03-01")
        assert found.fix.splitlines() == [
            "ALTER TABLE public.events DETACH PARTITION public.events_1;",
            (
                "ALTER TABLE public.events ATTACH PARTITION public.events_1 "
                "FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');"
            ),
        ]

    def test_a_bound_that_the_contract_has_is_no_difference(self) -> None:
        old = with_bounds(
            span("2025-01-01", "2026-01-01"),
            span("2026-01-01", "2026-02-01"),
            span("2026-02-01", "2026-03-01"),
        )

        assert drift(old, old) == ()
        assert drift(read_lock(write_lock(old)), old) == ()


class TestLikeness:
    """What a partition has of its own, or lacks."""

    @pytest.mark.parametrize(
        "change",
        [
            {"options": ("fillfactor=50",)},
            {"privileges": (READ,)},
            {"row_security": True},
            {"indexes": ()},
            {"triggers": ()},
        ],
    )
    def test_a_month_unlike_the_others_is_a_difference(self, change: dict[str, Any]) -> None:
        parent, *rest = family("2026-01", "2026-02", "2026-03")
        one = replace(rest[1], **change)
        built = database(parent, rest[0], one, *rest[2:])

        for promised in (database(*family("2026-01", "2026-02")), database(*family())):
            assert {f.subject.object for f in drift(promised, built)} == {"events_2026_02"}

    def test_what_all_months_have_and_the_contract_does_not_is_a_difference(self) -> None:
        built = database(*family("2026-01", "2026-02", options=("fillfactor=50",)))

        assert len(drift(database(*family("2026-01")), built)) == 2

    def test_what_the_contracts_months_have_of_their_own_is_kept_in_a_lock(self) -> None:
        promised = database(*family("2026-01", "2026-02", options=("fillfactor=50",)))
        locked = read_lock(write_lock(promised))

        assert drift(locked, database(*family("2027-05", options=("fillfactor=50",)))) == ()
        assert kinds(locked, database(*family("2027-05"))) == ["partition storage parameters"]

    def test_an_index_of_one_month_alone_is_a_difference(self) -> None:
        parent, month, *rest = family("2026-01", "2026-02")
        more = replace(month, indexes=(*month.indexes, index("more", "kind")))

        (found,) = drift(database(*family()), database(parent, more, *rest))

        assert found.subject.object == "events_2026_01"
        assert found.fix == "DROP INDEX public.more;"

    def test_made_up_names_of_what_months_have_of_their_own_are_no_difference(self) -> None:
        def side(*starts: str) -> Catalog:
            parent = partitioned()
            made = [
                replace(
                    month,
                    indexes=(*month.indexes, index(f"{month.name.name}_id_idx", "id")),
                    constraints=(
                        *month.constraints, check(f"{month.name.name}_id_check", "(id > 0)", "id")
                    ),
                )
                for month in months(parent, *starts)
            ]  # fmt: skip
            return database(parent, *made)

        assert drift(side("2026-01", "2026-02"), side("2026-02", "2026-03")) == ()
        assert drift(read_lock(write_lock(side("2026-01"))), side("2026-02", "2026-03")) == ()

    def test_a_changed_parent_is_told_once_and_not_for_every_month(self) -> None:
        def changed(tables: tuple[Table, ...]) -> Catalog:
            made = []
            for each in tables:
                key, known = each.constraints
                made.append(replace(each, constraints=(key, replace(known, expression="(true)"))))
            return database(*made)

        promised = family("2026-01", "2026-02")
        (found,) = drift(database(*promised), changed(promised))

        assert str(found.subject) == "events.kind_known"

    def test_the_comment_of_a_month_is_its_own(self) -> None:
        parent, month, *rest = family("2026-01", "2026-02")
        built = database(parent, replace(month, comment="January"), *rest)

        assert drift(database(parent, month, *rest), built) == ()

    def test_an_identity_that_partitions_have_from_17_on_is_no_difference(self) -> None:
        parent, *rest = family("2026-01")
        counted = replace(
            parent, columns=(replace(parent.columns[0], identity="ALWAYS"), *parent.columns[1:])
        )
        on_17 = [
            replace(t, columns=(replace(t.columns[0], identity="ALWAYS"), *t.columns[1:]))
            for t in rest
        ]

        assert drift(database(counted, *rest, major=16), database(counted, *on_17)) == ()


def test_partitions_of_a_month_come_and_go_with_it() -> None:
    parent = partitioned()
    key = PartitionKey(strategy=PartitionStrategy.LIST, columns=("kind",), definition="LIST (kind)")
    month = replace(months(parent, "2026-01")[0], partition_key=key)
    part = replace(
        partition(parent, "events_2026_01_a", ""),
        partition=Partition(parent=month.name, bound="FOR VALUES IN ('a')"),
        indexes=(),
        constraints=(),
        triggers=(),
        columns=(),
    )
    promised = database(parent, month)

    assert drift(promised, database(parent, month, part)) == ()


def test_a_partition_of_a_table_that_is_missing_is_told_with_it() -> None:
    found = drift(database(*family("2026-01")), database())

    assert [f.subject.object for f in found] == ["events"]
    assert "PARTITION OF public.events DEFAULT;" in found[0].fix


def test_a_table_that_is_not_partitioned_has_no_months() -> None:
    plain = table("events", columns=columns(id=BIGINT, kind=TEXT))

    assert "table partition key" in kinds(database(*family()), database(plain))
