"""A property that does not hold, with the smallest example that Hypothesis found."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis import strategies as st

    from pgassay.core.statement import Statement


T = TypeVar("T")


class Falsified(AssertionError):  # noqa: N818 - the word of the field
    """Raised by a property.

    Args:
        found: what the server did.
        expected: what the contract promised.
        script: the statements that show it.
    """

    def __init__(self, found: str, expected: str, script: tuple[Statement, ...]) -> None:
        super().__init__(f"{found}; expected: {expected}")
        self.found = found
        self.expected = expected
        self.script = script


def drawn(draw: st.SearchStrategy[T], *, examples: int, seed: int) -> list[T]:
    """Return what `falsify` would try in the gate, as far as nothing is falsified."""
    found: list[T] = []
    falsify(draw, found.append, examples=examples, seed=seed, thorough=False)
    return found


def falsify(
    draw: st.SearchStrategy[T],
    prove: Callable[[T], object],
    *,
    examples: int,
    seed: int,
    thorough: bool,
) -> Falsified | None:
    """Try a property on drawn examples; return the smallest counterexample, or None.

    In the gate the examples depend on the seed alone; `thorough` draws ever new ones, so that
    nightly runs see more than the gate does.
    """
    # Heavy, and a gate whose examples are known does without.
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 - as said above
    from hypothesis import seed as seeded  # noqa: PLC0415 - as said above

    profile = settings(
        max_examples=examples,
        derandomize=False,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )

    def trial(example: T) -> None:
        prove(example)

    test = profile(given(draw)(trial))
    try:
        with _no_constants_of_modules(), _no_code_in_collections():
            (test if thorough else seeded(seed)(test))()
    except Falsified as counterexample:
        return counterexample
    return None


@contextmanager
def _no_constants_of_modules() -> Iterator[None]:
    """Keep Hypothesis from drawing the constants that stand in the modules imported so far.

    It takes those that are installed from a checkout, pgassay's own among them: what is drawn would
    depend on where the code lies and on every edit of it. Reading them all also takes seconds.
    """
    from hypothesis.internal.conjecture import providers  # noqa: PLC0415 - as above
    from hypothesis.internal.constants_ast import Constants  # noqa: PLC0415 - as above

    provider: Any = providers.HypothesisProvider
    own = vars(provider)["_local_constants"]
    drawn_from = providers.CONSTANTS_CACHE.cache  # of both sorts, for people's own tests as well
    drawn_from.clear()
    provider._local_constants = Constants()  # noqa: SLF001 - there is no setting for it
    try:
        yield
    finally:
        provider._local_constants = own  # noqa: SLF001 - as above
        drawn_from.clear()


@contextmanager
def _no_code_in_collections() -> Iterator[None]:
    """Keep Hypothesis from having Python called by every garbage collection from now on.

    It measures them for its deadlines, of which there is none here. CPython 3.11 collects in the
    middle of any allocation. Where Python is called there, another thread may go on in between: if
    both ask for `__dict__` of one object first, it gets two that share their values, and when those
    are freed, a later collection ends the process (SIGSEGV in `visit_decref`).
    """
    from hypothesis.internal.conjecture import junkdrawer  # noqa: PLC0415 - as above

    clock: Any = junkdrawer
    begun = getattr(clock, "_gc_initialized", None)  # private: there is no setting for it
    if begun is None:  # a Hypothesis that does it another way, or not at all
        yield
        return
    clock._gc_initialized = True  # noqa: SLF001 - as above
    try:
        yield
    finally:
        clock._gc_initialized = begun  # noqa: SLF001 - as above
