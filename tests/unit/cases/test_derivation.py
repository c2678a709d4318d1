"""One kind that finds no row does not take the others with it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pgassay.cases.derivation import derived
from pgassay.core.case import Case, Subject, Unproven
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator


def case(kind: str) -> Case:
    return Case(kind=kind, subject=Subject(object="t"), title="", needs=(), steps=())


def test_a_kind_that_finds_no_row_is_told_and_the_others_go_on() -> None:
    def lost(_: object) -> Iterator[Case]:
        yield case("a")
        raise Unsatisfiable("odd", "false", where="public.t")

    sound = SimpleNamespace(derive=lambda _: iter([case("b")]))
    kinds: Any = {"a": SimpleNamespace(derive=lost), "b": sound}
    source: Any = None
    first, told, last = derived(source, kinds)
    assert (first.kind, last.kind) == ("a", "b")
    assert isinstance(told, Unproven)
    assert (told.kind, told.subject.object) == ("a", "public.t")
    assert "no row satisfies odd" in told.reason
