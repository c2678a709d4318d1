"""What the program says of errors that nobody foresaw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgassay.cli import doctor
from pgassay.cli.program import program
from pgassay.core.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    import pytest


def test_a_fault_of_our_own_does_not_look_like_findings_and_keeps_passwords(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise RuntimeError("postgresql://ann:s3cret@localhost/shop went away")

    monkeypatch.setattr(doctor, "command", click.Command("doctor", callback=fails))

    assert program(["doctor"]) == ExitCode.INTERNAL

    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "postgresql://ann:***@localhost/shop went away" in told
    assert "s3cret" not in told
    assert "a fault of pgassay" in told


def test_an_error_in_words_has_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise ConfigError("there is no shop")

    monkeypatch.setattr(doctor, "command", click.Command("doctor", callback=fails))

    assert program(["doctor"]) == ExitCode.USAGE
    assert capsys.readouterr().err == "error there is no shop\n"
