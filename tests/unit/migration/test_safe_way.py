"""The safe way is written as SQL and as Alembic."""

from __future__ import annotations

import ast

import pytest

from pgassay.history.looks import milliseconds
from pgassay.history.safe_way import Step, as_alembic, as_sql

STEPS = (
    Step(sql='ALTER TABLE "T" ADD CONSTRAINT c CHECK (a > 0) NOT VALID', locks=True),
    Step(sql='ALTER TABLE "T" VALIDATE CONSTRAINT c', apart=True),
    Step(sql="CREATE INDEX CONCURRENTLY i ON t (a)", alone=True),
    Step(sql="DROP INDEX CONCURRENTLY j", alone=True),
)


def test_the_script_sets_lock_timeout_once_and_says_where_a_transaction_begins() -> None:
    assert as_sql(STEPS) == (
        "set lock_timeout = '5s';\n"
        'ALTER TABLE "T" ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\n'
        "-- in a transaction of its own:\n"
        'ALTER TABLE "T" VALIDATE CONSTRAINT c;\n'
        "CREATE INDEX CONCURRENTLY i ON t (a);\n"
        "DROP INDEX CONCURRENTLY j;"
    )


def test_the_snippet_is_python_with_one_autocommit_block() -> None:
    text = as_alembic(STEPS)

    ast.parse(text)
    assert text.count("autocommit_block") == 1
    assert text.count("# in the next revision:") == 1
    assert """op.execute('ALTER TABLE "T" VALIDATE CONSTRAINT c')""" in text


def test_both_kinds_of_quotes_are_python_still() -> None:
    ast.parse(as_alembic((Step(sql="""ALTER TABLE "T" ALTER "a" SET DEFAULT 'b'"""),)))


@pytest.mark.parametrize(
    ("setting", "number"), [("0", 0), ("250ms", 250), ("5s", 5_000), ("2min", 120_000), ("?", 0)]
)
def test_time_settings_are_read(setting: str, number: int) -> None:
    assert milliseconds(setting) == number
