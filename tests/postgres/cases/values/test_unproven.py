"""What cannot be proven is told, with the reason, and never counted as passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.postgres.cases.values.bench import Bench


def test_a_check_that_another_one_always_precedes_is_unproven(bench: Bench) -> None:
    _, unproven = bench.derived(
        "check",
        """create table t (
             kind text not null constraint b_kind check (kind in ('a', 'b')), note text,
             constraint a_note check (kind = 'a' and note = 'x' or kind = 'b' and note is null)
           )""",
    )
    assert [(u.name, u.reason) for u in unproven] == [
        (
            "t.b_kind: check: nothing refused",
            (
                "every row found is refused by a_note, though"
                " (kind = ANY (ARRAY['a'::text, 'b'::text])) should have it refused"
            ),
        )
    ]


def test_a_table_without_a_valid_row_is_unproven(bench: Bench) -> None:
    cases, unproven = bench.derived(
        "not_null",
        "create table t (a text not null, constraint odd check (md5(a) = 'no such digest'))",
    )
    assert cases == []
    assert [u.name for u in unproven] == ["t: not_null: no valid row"]
    assert "no row satisfies odd" in unproven[0].reason


def test_a_value_that_the_contract_itself_rewrites_is_unproven(bench: Bench) -> None:
    _, unproven = bench.derived(
        "stored_value",
        """create table t (a text not null);
           create function up() returns trigger language plpgsql
             as $$ begin new.a := upper(new.a); return new; end $$;
           create trigger up before insert on t for each row execute function up()""",
    )
    assert [u.name for u in unproven] == ["t.a: stored_value: ' Äb'\\ x ' kept"]
    assert "the contract's own database does otherwise" in unproven[0].reason


def test_a_volatile_default_that_may_repeat_is_unproven(bench: Bench) -> None:
    _, unproven = bench.derived(
        "default", "create table t (a int not null default floor(random() * 2))"
    )
    assert [u.subject.part for u in unproven] == ["a"]


def test_a_partition_key_without_a_default_partition_is_unproven(bench: Bench) -> None:
    cases, unproven = bench.derived(
        "not_null",
        """create table t (at date not null, n int not null) partition by range (at);
           create table t_1 partition of t for values from ('2025-01-01') to ('2025-02-01')""",
    )
    assert cases == ["t.n: not_null: NULL refused"]
    assert [u.name for u in unproven] == ["t.at: not_null: NULL refused"]
