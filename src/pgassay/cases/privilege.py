"""Privileges: each role can do what it was granted, and nothing else.

What it finds
    A grant that is missing or too much, on tables, columns, views, sequences, functions and
    schemas, whichever way a role comes to it (directly, by membership, through PUBLIC). Reading
    and writing are tried under SET ROLE; the other rights are asked for.

Why it hurts
    A grant too few is an error on the first request after a deployment. A grant too much is seen
    by nobody until it is used.

Bad example
    GRANT ALL ON ALL TABLES IN SCHEMA public TO app, and a table of secrets among them.

Good example
    GRANT SELECT, INSERT ON orders TO app

How to fix
    GRANT ... or REVOKE ..., in a migration.

When to ignore
    Never: if the grant is not wanted, the contract is wrong.

Reference
    PostgreSQL documentation: Privileges; GRANT; SET ROLE; System Information Functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.cases.routing import leaves
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.names import quote, quote_all
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Catalog, Column, Function, Privilege, Table, View
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value

_KIND = "privilege"
_WHY = "a right too few fails on the first request, a right too much is seen by nobody"
_READ_AND_WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")
_DENIED = Refused(sqlstate="42501")
_OTHERS = {
    "table": ("TRUNCATE", "REFERENCES", "TRIGGER"),
    "sequence": ("USAGE", "SELECT", "UPDATE"),
}


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield what every role that is named in a grant can do with every object."""
    for role in roles(source.contract):
        rights = _Rights(source, role)
        for table in source.contract.roots():
            yield from rights.of_table(table)
        for view in source.contract.views:
            yield from rights.of_view(view)
        yield from rights.of_others()
    yield from _Rights(source, "public").of_everybody()


def roles(catalog: Catalog) -> tuple[str, ...]:
    """Return the roles that a grant or a policy of the catalog names, PUBLIC aside."""
    found: set[str] = set()
    for privileges in _granted(catalog):
        found |= {privilege.grantee for privilege in privileges if not privilege.revoked}
    for table in catalog.tables:
        found |= {role for policy in table.policies for role in policy.roles}
    return tuple(sorted(found - {"PUBLIC"}))


def _granted(catalog: Catalog) -> Iterator[Sequence[Privilege]]:
    relations: list[Table | View] = [*catalog.tables, *catalog.views]
    for relation in relations:
        yield relation.privileges
        yield from (column.privileges for column in relation.columns)
    yield from (schema.privileges for schema in catalog.schemas)
    yield from (sequence.privileges for sequence in catalog.sequences)
    yield from (function.privileges for function in catalog.functions)


@dataclass(frozen=True, slots=True)
class _Question:
    """One right, as SQL that is true where the role has it."""

    sql: str
    values: tuple[str | None, ...]


class _Rights:
    """What one role can do: the contract's database says what is promised."""

    def __init__(self, source: Source, role: str) -> None:
        self._source, self._role = source, role
        self._become = Statement(f"set local role {quote(role)}")

    def of_table(self, table: Table) -> Iterator[Case]:
        if table.policies:
            # A policy's expression may fail for want of a setting: no matter of rights.
            yield self._asked(table.name, "table", _READ_AND_WRITE)
            return
        name = table.name.sql
        written = [c for c in table.columns if c.generated is None and c.identity != "ALWAYS"]
        columns = quote_all(tuple(c.name for c in written))
        nulls = ", ".join(f"null::{c.type.sql}" for c in written)
        sets = ", ".join(f"{quote(c.name)} = null::{c.type.sql}" for c in written)
        tried = {
            "SELECT": (f"select * from {name} where false", table.columns),
            "INSERT": (f"insert into {name} ({columns}) select {nulls} where false", written),
            "UPDATE": (f"update {name} set {sets} where false", written),
        }
        for verb, (sql, needed) in tried.items():
            if needed:
                promised = self._may_columns(table.name, verb, needed)
                yield self._tried(str(table.name), verb, sql, promised=promised)
        promised = self._may(table.name, "DELETE")
        sql = f"delete from {name} where false"
        yield self._tried(str(table.name), "DELETE", sql, promised=promised)
        if any(column.privileges for column in table.columns):
            yield from self._of_columns(table)

    def of_view(self, view: View) -> Iterator[Case]:
        if view.columns:
            promised = self._may_columns(view.name, "SELECT", view.columns)
            sql = f"select * from {view.name.sql} where false"
            yield self._tried(str(view.name), "SELECT", sql, promised=promised)

    def of_everybody(self) -> Iterator[Case]:
        """Yield what PUBLIC has: what any role that can connect may do."""
        catalog = self._source.contract
        names = [*(t.name for t in catalog.roots()), *(v.name for v in catalog.views)]
        for name in names:
            yield self._asked(name, "table", (*_READ_AND_WRITE, *_OTHERS["table"]))
        for sequence in catalog.sequences:
            yield self._asked(sequence.name, "sequence", _OTHERS["sequence"])
        for schema in catalog.schemas:
            yield self._of_schema(schema.name)
        for function in catalog.functions:
            yield self._of_function(function)
        for part in self._parts():
            rights = (*_READ_AND_WRITE, *_OTHERS["table"])
            questions = self._questions(part.name, "table", rights)
            asked = ", ".join(f"pg_catalog.{question.sql}" for question in questions)
            statement = Statement(f"select {asked}", questions[0].values)
            nothing = (("f",) * len(rights),)
            yield self._answered(str(part.name), rights, statement, nothing)

    def _parts(self) -> Iterator[Table]:
        """Yield the partitions that were built of tables none of whose promised ones has rights."""
        promised = {t.name for t in self._source.contract.tables if t.partition and t.privileges}
        for table in self._source.contract.roots():
            if table.partition_key and not promised:
                yield from leaves(self._source.built, table.name)

    def of_others(self) -> Iterator[Case]:
        """Yield the rights that are asked for: trying them would leave traces or need more."""
        catalog = self._source.contract
        for table in catalog.roots():
            if table.privileges:
                yield self._asked(table.name, "table", _OTHERS["table"])
        for sequence in catalog.sequences:
            if sequence.privileges or not sequence.identity:
                yield self._asked(sequence.name, "sequence", _OTHERS["sequence"])
        for schema in catalog.schemas:
            yield self._of_schema(schema.name)
        for function in catalog.functions:
            yield self._of_function(function)

    def _of_schema(self, schema: str) -> Case:
        questions = [
            _Question(f"has_schema_privilege($1, $2, '{right}')", (self._role, schema))
            for right in ("USAGE", "CREATE")
        ]
        return self._questioned(f"schema {quote(schema)}", ("USAGE", "CREATE"), questions)

    def _of_function(self, function: Function) -> Case:
        found = (
            "has_function_privilege($1, (select p.oid from pg_catalog.pg_proc p"
            " join pg_catalog.pg_namespace n on n.oid = p.pronamespace"
            " where n.nspname = $2 and p.proname = $3"
            " and pg_catalog.pg_get_function_identity_arguments(p.oid) = $4), 'EXECUTE')"
        )
        named = (function.name.schema, function.name.name, function.arguments)
        question = _Question(found, (self._role, *named))
        subject = f"{function.name}({function.arguments})"
        return self._questioned(subject, ("EXECUTE",), [question])

    def _of_columns(self, table: Table) -> Iterator[Case]:
        name = table.name.sql
        for column in table.columns:
            written = column.generated is None and column.identity != "ALWAYS"
            own, null = quote(column.name), f"null::{column.type.sql}"
            tried = {"SELECT": f"select {own} from {name} where false"}
            if written:
                tried["INSERT"] = f"insert into {name} ({own}) select {null} where false"
                tried["UPDATE"] = f"update {name} set {own} = {null} where false"
            for verb, sql in tried.items():
                promised = self._may_columns(table.name, verb, (column,))
                subject = Subject(object=str(table.name), part=column.name)
                yield self._tried_on(subject, verb, sql, promised=promised)

    def _tried(self, name: str, verb: str, sql: str, *, promised: bool) -> Case:
        return self._tried_on(Subject(object=name), verb, sql, promised=promised)

    def _tried_on(self, subject: Subject, verb: str, sql: str, *, promised: bool) -> Case:
        return self._case(
            subject,
            f"{verb} by {quote(self._role)} {'accepted' if promised else 'refused'}",
            (
                Step(statement=self._become, expect=Accepted()),
                Step(statement=Statement(sql), expect=Accepted() if promised else _DENIED),
            ),
        )

    def _asked(self, name: QualifiedName, what: str, rights: Sequence[str]) -> Case:
        return self._questioned(str(name), rights, self._questions(name, what, rights))

    def _questions(self, name: QualifiedName, what: str, rights: Sequence[str]) -> list[_Question]:
        return [
            _Question(f"has_{what}_privilege($1, $2, '{right}')", (self._role, name.sql))
            for right in rights
        ]

    def _questioned(
        self, subject: str, rights: Sequence[str], questions: Sequence[_Question]
    ) -> Case:
        asked = ", ".join(f"pg_catalog.{question.sql}" for question in questions)
        statement = Statement(f"select {asked}", questions[0].values)
        answer = self._source.ask.run(statement).rows
        return self._answered(subject, rights, statement, answer)

    def _answered(
        self,
        subject: str,
        rights: Sequence[str],
        statement: Statement,
        answer: tuple[tuple[Value, ...], ...],
    ) -> Case:
        cells = answer[0] if answer else ("f",) * len(rights)
        held = [right for right, cell in zip(rights, cells, strict=True) if cell == "t"]
        title = f"{_named(self._role)} has {', '.join(held) or 'none'} of {', '.join(rights)}"
        step = Step(statement=statement, expect=Accepted(returns=answer, columns=tuple(rights)))
        return self._case(Subject(object=subject), title, (step,))

    def _may(self, relation: QualifiedName, verb: str) -> bool:
        sql = (
            "select pg_catalog.has_table_privilege($1, $2, $3)"
            " and pg_catalog.has_schema_privilege($1, $4, 'USAGE')"
        )
        return self._true(Statement(sql, (self._role, relation.sql, verb, relation.schema)))

    def _may_columns(self, relation: QualifiedName, verb: str, columns: Sequence[Column]) -> bool:
        each = [
            f"pg_catalog.has_column_privilege($1, $2, ${at}, $3)"
            for at in range(5, 5 + len(columns))
        ]
        sql = f"select pg_catalog.has_schema_privilege($1, $4, 'USAGE') and {' and '.join(each)}"
        names = tuple(column.name for column in columns)
        values = (self._role, relation.sql, verb, relation.schema, *names)
        return self._true(Statement(sql, values))

    def _true(self, statement: Statement) -> bool:
        rows = self._source.ask.run(statement).rows
        return bool(rows) and rows[0][0] == "t"

    def _case(self, subject: Subject, title: str, steps: tuple[Step, ...]) -> Case:
        return Case(kind=_KIND, subject=subject, title=title, steps=steps, why=_WHY)


def _named(role: str) -> str:
    return "PUBLIC" if role == "public" else quote(role)
