"""Values in binary, made by the server: every type has a function that writes it (`typsend`).

So the engine needs no table of types: text goes in, what COPY's binary format holds comes out,
together with the text as the server would write it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError
from pgassay.core.statement import Statement
from pgassay.rows.values import array

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Column
    from pgassay.core.statement import Reply, Session, Value

Written = tuple["Value", bytes | None]


class Wire:
    """Asks the server how it writes values."""

    def __init__(self, ask: Session) -> None:
        self._ask = ask
        self._senders: dict[str, str] = {}

    def written(
        self, columns: Mapping[str, tuple[Column, Sequence[Value]]]
    ) -> dict[str, list[Written]]:
        """Return for each column its values' text and binary form; one round trip for all.

        Raises:
            SchemaError: the server does not take a value.
        """
        self._learn({column.type.sql for column, _ in columns.values()})
        asked = {
            name: list(dict.fromkeys(v for v in values if v is not None))
            for name, (_, values) in columns.items()
        }
        statements = [
            Statement(
                f"select (v::{column.type.sql})::text,"
                f" encode({self._senders[column.type.sql]}(v::{column.type.sql}), 'hex')"
                " from unnest($1::text[]) with ordinality as u (v, n) order by n",
                (array(tuple(asked[name])),),
            )
            for name, (column, _) in columns.items()
        ]
        found: dict[str, list[Written]] = {}
        for (name, (_, values)), reply in zip(
            columns.items(), self._ask.run_all(statements), strict=True
        ):
            if reply.refusal:
                raise SchemaError(
                    reply.refusal.message, where=name, expected="content that its type takes"
                )
            known: dict[Value, Written] = {None: (None, None)}
            for value, (text, octets) in zip(asked[name], reply.rows, strict=True):
                known[value] = (text, bytes.fromhex(octets or ""))
            found[name] = [known[value] for value in values]
        return found

    def ranks(self, column: Column, values: Sequence[Value]) -> list[int]:
        """Return the place of each of some different values in the order of the column's type."""
        reply = self._ask.run_all(
            [
                Statement(
                    f"select (row_number() over (order by v::{column.type.sql}) - 1)::text"
                    " from unnest($1::text[]) with ordinality as u (v, n) order by n",
                    (array(tuple(values)),),
                )
            ]
        )[0]
        if reply.refusal:
            raise SchemaError(
                reply.refusal.message, where=column.name, expected="values that its type takes"
            )
        return [int(row[0] or 0) for row in reply.rows]

    def _learn(self, types: set[str]) -> None:
        new = sorted(types - self._senders.keys())
        replies: list[Reply] = self._ask.run_all(
            [
                Statement(
                    "select t.typsend::regproc::text from pg_catalog.pg_type as t"
                    " where t.oid = $1::regtype",
                    (name,),
                )
                for name in new
            ]
        )
        for name, reply in zip(new, replies, strict=True):
            if reply.refusal or not reply.rows or not reply.rows[0][0]:
                raise SchemaError(f"the server has no binary form for {name}", where=name)
            self._senders[name] = reply.rows[0][0]
