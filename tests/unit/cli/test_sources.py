"""What profile and snapshot take something of: one source, and what they write, whole."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from pgassay.cli.options import hand_over, see_to_one_source

VARIABLE = "PGASSAY_SNAPSHOT_URL"


@pytest.mark.parametrize(
    ("url", "others", "told"),
    [
        ("service=shop", {"from_": Path("x.json")}, "URL and --from are several sources"),
        ("service=shop", {"as_": "small"}, "URL and --as are"),
        (None, {"from_": Path("x.json"), "volume": "small"}, "--from and --volume are"),
        ("u", {"from_": Path("x"), "volume": "v"}, "URL, --from and --volume are"),
    ],
)
def test_several_sources_are_refused(url: str | None, others: dict[str, object], told: str) -> None:
    with pytest.raises(click.UsageError, match=told):
        see_to_one_source(VARIABLE, url, **others)


def test_one_source_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    see_to_one_source(VARIABLE, "service=shop", from_=None)
    see_to_one_source(VARIABLE, None, from_=Path("x.json"), volume=None)
    see_to_one_source(VARIABLE, None, from_=None)
    # A URL from the environment is no second source.
    monkeypatch.setenv(VARIABLE, "service=shop")
    see_to_one_source(VARIABLE, "service=shop", from_=Path("x.json"))


def test_what_was_taken_is_written_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_over("taken\n", tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == "taken\n"
    hand_over("taken\n", None)
    assert capsys.readouterr().out == "taken\n"
