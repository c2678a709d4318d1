"""What a test holds: a migrated database within one transaction, and rows for the asking."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy.exc import DBAPIError

from pgassay.core.errors import PgassayError, suggestion
from pgassay.run.testbed.building import traits
from pgassay.run.testbed.placing import Placing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.statement import Statement
    from pgassay.run.testbed.blueprint import Blueprint
    from pgassay.run.testbed.naming import Kind
    from pgassay.sqla.held import Held, HeldConnection, HeldSession

__tracebackhide__ = True  # pytest shows the test's own line


class Database:
    """A database of one test. What the test does to it is rolled back when the test is over.

    `database.user(pro=True)` makes a row and returns it: an instance of its mapped class, or its
    columns where no class is mapped to the table.
    """

    def __init__(self, blueprint: Blueprint, held: Held) -> None:
        """Hand out rows in a held transaction."""
        self._blueprint = blueprint
        self._held = held
        self._placing = Placing(blueprint, held)

    @property
    def session(self) -> HeldSession:
        """The ORM session that instances belong to; it may commit and roll back."""
        return self._held.session

    @property
    def connection(self) -> HeldConnection:
        """The psycopg connection beneath it, in the same transaction."""
        return self._held.connection

    def make(self, wanted: str | type, /, **given: Any) -> Any:
        """Make one row with all the parents it needs.

        Args:
            wanted: a name, a mapped class or a factory; tables whose name is no attribute, or is
                that of another one, go by name here.
            given: columns, references to rows, traits, and whatever else the factory takes;
                `parent__column=…` describes a parent.

        Raises:
            UnknownName: nothing is called so.
            ConfigError: there is no such keyword, or a value cannot be used.
            RefusedRow: the server takes no such row.
        """
        return self._rows(wanted)(**given)

    def batch(self, wanted: str | type, count: int, /, **given: Any) -> list[Any]:
        """Make several rows; what is said of `make` holds for each."""
        return self._rows(wanted).batch(count, **given)

    @contextmanager
    def refused(self, by: str | None = None, *, sqlstate: str | None = None) -> Iterator[None]:
        """Expect the server to refuse what is done within, and go on as if it had not been done.

        Args:
            by: the name of the constraint that refuses it.
            sqlstate: the class of the refusal; `23505` is a unique violation.

        Raises:
            AssertionError: nothing is refused, or by something else.
        """
        self._placing.settle()
        self.connection.execute("savepoint pgassay_refused")
        try:
            yield
            self._placing.settle()
        except (psycopg.Error, DBAPIError) as failure:
            error = failure.orig if isinstance(failure, DBAPIError) else failure
            self.session.rollback()
            self.connection.execute("rollback to savepoint pgassay_refused")
            self.connection.execute("release savepoint pgassay_refused")
            self.session.expire_all()
            if not isinstance(error, psycopg.Error) or not _meant(error, by, sqlstate):
                told = f"refused for another reason than {by or sqlstate}: {_said(error)}"
                raise AssertionError(told) from failure
        else:
            self.connection.execute("release savepoint pgassay_refused")
            raise AssertionError(
                f"the server accepted it, and {by or sqlstate or 'a refusal'} was expected"
            )

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that put all rows in place so far."""
        return tuple(self._placing.made)

    def __getattr__(self, name: str) -> Rows:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._rows(name)

    def __dir__(self) -> list[str]:
        names = (name for name in self._blueprint.names if name.isidentifier())
        return sorted({*super().__dir__(), *names})

    def __repr__(self) -> str:
        return f"<a database of {self._blueprint.system}>"

    def _rows(self, wanted: str | type) -> Rows:
        name = wanted if isinstance(wanted, str) else wanted.__name__
        return Rows(self._placing, self._blueprint.kind(wanted), f"{self._blueprint.system}.{name}")


class Rows:
    """What makes rows of one kind; call it."""

    def __init__(self, placing: Placing, kind: Kind, called: str) -> None:
        self._placing = placing
        self._kind = kind
        self._called = called

    @property
    def traits(self) -> tuple[str, ...]:
        """The traits of the factory, if there is one."""
        return tuple(sorted(traits(self._kind.factory)))

    def __call__(self, **given: Any) -> Any:
        """Make one row; see `Database.make`."""
        shown = ", ".join(f"{name}={_shown(value)}" for name, value in given.items())
        try:
            return self._placing.make(self._kind, given, f"{self._called}({shown})")
        except PgassayError as failure:
            raise failure.with_traceback(None) from None  # the test's own line is what matters

    def batch(self, count: int, /, **given: Any) -> list[Any]:
        """Make several rows; see `Database.make`."""
        return [self(**given) for _ in range(count)]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        told = suggestion(name, ("batch", "traits"))
        raise AttributeError(f"{self._called} makes rows and has no {name!r}; {told}")

    def __repr__(self) -> str:
        return f"<rows of {self._kind.table.name}: {self._called}()>"


def _shown(value: object) -> str:
    plain = value is None or isinstance(value, (str, int, float, bool))
    return repr(value) if plain else type(value).__name__


def _meant(error: psycopg.Error, by: str | None, sqlstate: str | None) -> bool:
    return (by is None or error.diag.constraint_name == by) and (
        sqlstate is None or error.sqlstate == sqlstate
    )


def _said(error: object) -> str:
    if not isinstance(error, psycopg.Error):
        return str(error)
    by = f" by {error.diag.constraint_name}" if error.diag.constraint_name else ""
    return f"{error.sqlstate}{by}: {error.diag.message_primary}"
