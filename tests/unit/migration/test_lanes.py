"""Lanes: who runs beside whom, and in which order it is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.event import Told
from pgassay.core.route import Revision
from pgassay.core.trace import RevisionTrace, StatementTrace
from pgassay.run.migration import lanes as module
from pgassay.run.migration.lanes import side_by_side
from pgassay.run.migration.once import Once
from pgassay.run.migration.parts import PARTS, Company

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pgassay.run.migration.ground import Ground as RealGround
    from pgassay.run.migration.parts import PartEvents

_PATIENCE = 30.0


class Ground:
    """As much of a ground as lanes ask for: whether sessions have been ended."""

    name = "tiny"
    keeps_to_its_database = True
    has_room = True

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.traces: list[RevisionTrace] = []

    def end_sessions(self) -> None:
        self.ended.set()


class Shop:
    """Parts that tests write.

    Attributes:
        ground: what they stand on.
        order: in which they began.
        closed: those that have ended or been closed.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ground = Ground()
        self.order: list[str] = []
        self.closed: list[str] = []
        self._parts: dict[str, Callable[[Any], PartEvents]] = {}
        monkeypatch.setattr(module, "part", self._parts.__getitem__)

    def part(self, name: str, *steps: object) -> None:
        """Add a part: texts are told, companies asked for, events waited for, errors raised."""

        def run(_: object) -> PartEvents:
            self.order.append(name)
            try:
                for step in steps:
                    match step:
                        case str():
                            yield Told(system="tiny", text=step)
                        case Company():
                            yield step
                        case threading.Barrier() | threading.Event():
                            step.wait(_PATIENCE)
                        case BaseException():
                            raise step
                        case _ if callable(step):
                            step()
                        case _:
                            pytest.fail(f"{step} is no step")
            finally:
                self.closed.append(name)

        self._parts[name] = run

    def events(self, lanes: int | None = 3) -> Generator[str, None, None]:
        """Run them all and yield what they tell."""
        ground = cast("RealGround", self.ground)
        for event in side_by_side(ground, list(self._parts), lanes=lanes):
            assert isinstance(event, Told)
            yield event.text


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(monkeypatch)


def test_parts_run_at_once_and_are_told_in_their_order(shop: Shop) -> None:
    # Each waits for the other two: one by one none of them would ever end.
    all_there = threading.Barrier(3)
    for name in ("history", "data", "killed"):
        shop.part(name, f"{name} begins", all_there, f"{name} ends")
    assert list(shop.events()) == [
        f"{name} {verb}" for name in ("history", "data", "killed") for verb in ("begins", "ends")
    ]
    assert not shop.ground.ended.is_set()


def test_what_measures_runs_first_and_alone_and_what_ends_sessions_last(shop: Shop) -> None:
    seen: list[tuple[str, bool]] = []

    def look(what: str) -> Callable[[], None]:
        return lambda: seen.append((what, bool(_lanes())))

    shop.part("history", look("history"), "history")
    shop.part("traffic", look("short"), "short", Company.OTHERS, look("long"), "long")
    shop.part("killed", look("session"), "session", Company.GONE, look("server"), "server")
    assert PARTS["traffic"].company is Company.ALONE
    assert list(shop.events()) == ["history", "short", "long", "session", "server"]
    assert seen[0] == ("short", False)
    assert seen[-1] == ("server", False)
    assert set(seen[1:-1]) == {("history", True), ("long", True), ("session", True)}


def test_an_error_is_raised_in_its_place_and_breaks_off_what_others_are_at(shop: Shop) -> None:
    shop.part("history", "one", "two")
    shop.part("data", "three", SchemaError("it is broken"), "never")
    shop.part("killed", "four", shop.ground.ended, "five")
    told: list[str] = []

    def listen() -> None:
        for text in shop.events():
            told.append(text)  # noqa: PERF402 - what came before the error is of interest

    with pytest.raises(SchemaError, match="it is broken"):
        listen()
    assert told == ["one", "two", "three"]
    assert shop.ground.ended.is_set()
    assert sorted(shop.closed) == ["data", "history", "killed"]


def test_whatever_ends_a_lane_ends_the_run(shop: Shop) -> None:
    shop.part("history", "one")
    shop.part("data", SystemExit(7))
    with pytest.raises(SystemExit) as ended:
        list(shop.events())
    assert ended.value.code == 7


def test_nobody_listens_any_more(shop: Shop) -> None:
    shop.part("history", "one", shop.ground.ended, "two")
    shop.part("data", "three", shop.ground.ended, "four")
    events = shop.events()
    assert next(events) == "one"
    events.close()
    assert shop.ground.ended.is_set()
    assert sorted(shop.closed) == ["data", "history"]
    assert not _lanes()


def _lanes() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name.startswith("pgassay lane")]


@pytest.mark.parametrize("why", ["keeps_to_its_database", "has_room"])
def test_one_by_one_where_they_may_stand_in_each_others_way(shop: Shop, why: str) -> None:
    setattr(shop.ground, why, False)
    names = ("history", "data", "rolling", "killed")
    for name in names:
        shop.part(name, name)
    assert list(shop.events(lanes=None)) == list(names)
    assert shop.order == list(names)  # in lanes the longest would have come first


@pytest.mark.parametrize(
    ("statement", "at_once"),
    [
        ({"seconds": 0.2, "statement_timeout": 1_500}, False),
        ({"seconds": 0.2, "statement_timeout": 2_500}, True),
        ({"seconds": 0.2, "transaction_timeout": 8_000}, False),
        ({"seconds": 0.2, "transaction_timeout": 12_000}, True),
        ({"seconds": 0.2, "lock_timeout": 1}, True),
        ({"seconds": 90.0}, True),
    ],
)
def test_one_by_one_where_the_revision_limits_its_own_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, statement: dict[str, float], *, at_once: bool
) -> None:
    monkeypatch.setattr(module, "processors", lambda: 2)
    named = Revision(id="one", parents=(), message="", path="one.sql")
    made = StatementTrace(number=1, text="update t set a = 1", tag="UPDATE", **statement)  # type: ignore[arg-type]  # seconds, and whole milliseconds
    shop.ground.traces.append(
        RevisionTrace(revision=named, statements=(made,), seconds=1.0, transactions=(1.0,), wal=0)
    )
    for name in ("rolling", "killed"):
        shop.part(name, name)
    assert list(shop.events(lanes=None)) == ["rolling", "killed"]
    assert (shop.order[0] == "killed") is at_once  # the longest comes first in lanes


def test_once_is_made_by_one_for_all_and_again_after_an_error() -> None:
    asked = threading.Barrier(4)
    calls: list[int] = []

    def make() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise SchemaError("not this time")
        return len(calls)

    once = Once(make)
    with pytest.raises(SchemaError):
        once()
    found: list[int] = []

    def ask() -> None:
        asked.wait(_PATIENCE)
        found.append(once())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE)
    assert found == [2, 2, 2, 2]
    assert once.is_(lambda: 7) == 2
    assert Once(make).is_(lambda: 7) == 7
