"""What a server refuses during a load is told with what to do about it."""

from __future__ import annotations

import pickle

import psycopg
import pytest

from pgassay.core.errors import MachineError, PgassayError, SchemaError
from pgassay.postgres.bulk.refusals import in_words


@pytest.mark.parametrize(
    ("error", "kind", "told", "fix"),
    [
        (psycopg.errors.DiskFull("x"), MachineError, "the disk is full", "PGASSAY_TMP"),
        (psycopg.errors.IoError("No space left on device"), MachineError, "disk is full", "TMP"),
        (psycopg.errors.OutOfMemory("x"), MachineError, "no memory left", None),
        (psycopg.errors.AdminShutdown("x"), MachineError, "the server is gone", "disk left"),
        (psycopg.OperationalError("closed"), MachineError, "the server is gone", "disk left"),
        (psycopg.errors.CheckViolation("x"), SchemaError, "23514 x", "profile"),
        (psycopg.errors.NumericValueOutOfRange("x"), SchemaError, "22003 x", "factory"),
        (psycopg.errors.LockNotAvailable("x"), MachineError, "55P03 x", None),
    ],
)
def test_each_kind_has_its_words(
    error: psycopg.Error, kind: type[PgassayError], told: str, fix: str | None
) -> None:
    found = in_words(error, "public.t")
    assert type(found) is kind
    assert told in found.found
    assert found.where == "public.t"
    assert (fix or "") in (found.fix or "")


def test_an_error_comes_whole_through_a_pipe() -> None:
    error = in_words(psycopg.errors.CheckViolation("x"), "public.t")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
