"""Expressions that differ as text are brought to a fixed point, all at once, and only those."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Domain, IndexKey, Policy, View
from pgassay.drift.fixpoint import Expression, Place
from tests.unit.drift.sample import (
    INTEGER,
    check,
    column,
    database,
    drift,
    everything,
    index,
    partition,
    partitioned,
    public,
    table,
    trigger,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import Catalog


@dataclass
class Spaces:
    """A fixed point for which spaces mean nothing; keeps what it was asked."""

    asked: list[list[Expression]] = field(default_factory=list)

    def settle(self, expressions: Sequence[Expression]) -> list[str]:
        self.asked.append(list(expressions))
        return [e.text.replace(" ", "") for e in expressions]

    @property
    def questions(self) -> set[tuple[Place, str, str]]:
        return {(e.place, str(e.holder), e.text) for batch in self.asked for e in batch}


def side(gap: str) -> Catalog:
    one = table(
        "t",
        columns=(
            column("a", default=f"(1{gap}+ 1)"),
            column("b", generated=f"(a{gap}* 2)", position=2),
        ),
        constraints=(check("c", f"(a{gap}> 0)", "a"),),
        indexes=(
            index("i", "a", predicate=f"(a{gap}> 1)"),
            replace(index("j"), keys=(IndexKey(expression=f"(a{gap}+ 3)"),)),
        ),
        triggers=(
            trigger(
                "w",
                "t",
                condition=f"(old.a{gap}> 4)",
                definition=f"CREATE TRIGGER w BEFORE UPDATE ON public.t WHEN ((old.a{gap}> 4)) …",
            ),
        ),
        policies=(Policy(name="p", command="ALL", using=f"(a{gap}> 5)", check=f"(a{gap}> 6)"),),
    )
    view = View(name=public("v"), definition=f" SELECT{gap}1;", columns=())
    domain = Domain(
        name=public("d"),
        type=INTEGER,
        default=f"(7{gap}+ 7)",
        constraints=(check("k", f"(VALUE{gap}> 8)"),),
    )
    return database(one, views=(view,), domains=(domain,))


def test_every_kind_of_expression_is_settled_before_it_is_compared() -> None:
    spaces = Spaces()

    assert drift(side(" "), side("  "), fixpoint=spaces) == ()
    assert {place for place, _, _ in spaces.questions} == set(Place)


def test_text_that_differs_after_settling_is_a_difference() -> None:
    promised = database(table("t", constraints=(check("c", "(a > 0)", "a"),)))
    built = database(table("t", constraints=(check("c", "(a  > 1)", "a"),)))

    (found,) = drift(promised, built, fixpoint=Spaces())

    assert found.title == "the models say CHECK (a>0), the migrations built CHECK (a>1)"


def test_without_a_server_text_is_compared_as_it_is() -> None:
    assert drift(side(" "), side("  "))


def test_nothing_is_asked_where_nothing_differs() -> None:
    spaces = Spaces()

    drift(everything(), everything(), fixpoint=spaces)

    assert spaces.asked == []


def test_what_both_sides_have_as_text_is_not_asked() -> None:
    same = check("same", "(a > 0)", "a")
    promised = database(table("t", constraints=(same, check("c", "(a > 1)", "a"))))
    built = database(table("t", constraints=(same, check("c", "(a > 2)", "a"))))
    spaces = Spaces()

    drift(promised, built, fixpoint=spaces)

    assert {text for _, _, text in spaces.questions} == {"(a > 1)", "(a > 2)"}
    assert len(spaces.asked) == 1


def test_a_month_that_the_other_side_does_not_have_is_known_by_its_parent() -> None:
    parent = partitioned()
    month = partition(parent, "events_1", "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")
    spaces = Spaces()

    drift(database(parent), database(parent, month), fixpoint=spaces)

    assert spaces.asked == []


def test_an_expression_is_asked_with_what_it_can_see() -> None:
    promised = database(table("t", columns=(column("a", default="1"), column("b", position=2))))
    built = database(table("t", columns=(column("a", default="2"), column("b", position=2))))
    spaces = Spaces()

    drift(promised, built, fixpoint=spaces)

    assert {(e.type, e.columns) for batch in spaces.asked for e in batch} == {("integer", ())}
