"""The number of processors, where the system tells which a process is bound to and where not."""

from __future__ import annotations

import os

import pytest

from pgassay.core.processors import processors


def test_those_that_it_is_bound_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 7}, raising=False)
    assert processors() == 3


@pytest.mark.parametrize(("there", "said"), [(6, 6), (None, 1)])
def test_all_there_are_where_it_cannot_be_bound(
    monkeypatch: pytest.MonkeyPatch, there: int | None, said: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: there)
    assert processors() == said
