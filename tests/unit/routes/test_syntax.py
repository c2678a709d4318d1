"""Syntax trees that several threads ask for at once."""

from __future__ import annotations

import gc
import threading
import time
from typing import TYPE_CHECKING

import pytest

from pgassay.sqla.syntax import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "\n".join(f"def f{n}(a, b={n}):\n    return [a, (b, {{'x': a + {n}}})]" for n in range(80))


class Slow:
    """Garbage in a cycle whose finalizer lets another thread run."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        time.sleep(0.0005)


@pytest.fixture
def eager_collector() -> Iterator[None]:
    was = gc.get_threshold()
    gc.set_threshold(50)
    yield
    gc.set_threshold(*was)


@pytest.mark.usefixtures("eager_collector")
def test_a_tree_whose_making_is_paused_by_a_finalizer_does_not_disturb_another() -> None:
    errors: list[BaseException] = []

    def parse() -> None:
        for _ in range(12):
            Slow()
            try:
                assert len(syntax_tree(SOURCE).body) == 80
            except BaseException as error:  # noqa: BLE001 - told below
                errors.append(error)

    threads = [threading.Thread(target=parse) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_what_is_no_python_is_said() -> None:
    with pytest.raises(SyntaxError):
        syntax_tree("def")
