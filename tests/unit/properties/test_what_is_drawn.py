"""What is drawn depends on the seed, and not on the code that happens to be imported."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.internal.conjecture import junkdrawer
from hypothesis.internal.conjecture.providers import HypothesisProvider

from pgassay.properties.falsified import Falsified, drawn, falsify

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_EXAMPLES = 200
_PLACED = range(500_000, 500_040)


def test_constants_of_imported_modules_are_not_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = st.lists(st.integers(min_value=400_000), min_size=5, max_size=5)
    before = drawn(numbers, examples=_EXAMPLES, seed=3)

    # A module of a checkout, as Hypothesis has it: neither installed nor of the standard library.
    (tmp_path / "placed_numbers.py").write_text(f"NUMBERS = {list(_PLACED)}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module("placed_numbers")
    try:
        assert drawn(numbers, examples=_EXAMPLES, seed=3) == before
    finally:
        del sys.modules["placed_numbers"]


def test_the_seed_decides() -> None:
    numbers = st.lists(st.integers())
    one, again, other = (drawn(numbers, examples=50, seed=n) for n in (3, 3, 4))
    assert one == again
    assert one != other


def test_other_tests_draw_as_ever() -> None:
    own = vars(HypothesisProvider)["_local_constants"]

    def never(_: int) -> None:
        assert vars(HypothesisProvider)["_local_constants"] is not own
        raise Falsified("this", "that", ())

    assert falsify(st.integers(), never, examples=5, seed=0, thorough=False) is not None
    assert vars(HypothesisProvider)["_local_constants"] is own


def test_no_code_is_called_by_garbage_collections(monkeypatch: pytest.MonkeyPatch) -> None:
    # As in a process where nobody has drawn yet.
    monkeypatch.setattr(gc, "callbacks", [])
    monkeypatch.setattr(junkdrawer, "_gc_initialized", False)

    called: list[list[object]] = []
    falsify(
        st.integers(),
        lambda _: called.append(list(gc.callbacks)),
        examples=5,
        seed=0,
        thorough=False,
    )
    assert called
    assert not any(called)
    assert not gc.callbacks

    # Tests of one's own in the same process measure as ever.
    junkdrawer.gc_cumulative_time()
    assert len(gc.callbacks) == 1
