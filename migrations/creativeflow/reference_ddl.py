"""Writes the reference DDL in `ddl/` from the models: what the database is, not how it became so.

    python -m migrations.creativeflow.reference_ddl            write the files
    python -m migrations.creativeflow.reference_ddl --check    fail if they are not what it writes

One file per table in the order of the domains, a table after those it refers to; keys that close a
cycle come last. Run in order (tables, functions, indexes, triggers) the files build an empty
database like the migrations do, except for the months of partitioned tables, which are a rule.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import (
    AddConstraint,
    Constraint,
    CreateIndex,
    ExecutableDDLElement,
    SetColumnComment,
    SetTableComment,
)

from schema.creativeflow import (
    ai_models,
    assets,
    billing,
    collaboration,
    generation,
    identity,
    metadata,
    notification,
    programs,
    template,
    workspace,
)

FOLDER = Path(__file__).parent / "ddl"
HEADER = "-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.\n"
DOMAINS = (
    identity,
    collaboration,
    template,
    workspace,
    generation,
    assets,
    billing,
    notification,
    ai_models,
)
WIDTH = 100
# With the driver's own style every % in a function body would come out doubled.
DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy's own
COMPILER = DIALECT.ddl_compiler(DIALECT, None)  # type: ignore[arg-type]  # for no one statement


def main() -> int:
    """Write or check the files; 1 if the check finds a difference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, tell what differs")
    wanted = reference_ddl()
    if parser.parse_args().check:
        told = differences(wanted)
        sys.stderr.writelines(f"{line}\n" for line in told)
        return 1 if told else 0
    write(wanted)
    return 0


def reference_ddl() -> Mapping[str, str]:
    """Return the text of every file, by its path below the folder."""
    files: dict[str, str] = {}
    tables = in_order()
    for number, table in enumerate(tables, 1):
        files[f"tables/{number:03}_create_{table.name}.sql"] = "\n".join(table_script(table))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        if indexes:
            script = "".join(statement(CreateIndex(index)) for index in indexes)
            files[f"indexes/{number:03}_index_{table.name}.sql"] = script
    cyclic = "\n".join(cyclic_keys(tables))
    files[f"tables/{len(tables) + 1:03}_add_cyclic_foreign_keys.sql"] = cyclic
    for number, (signature, text) in enumerate(programs.FUNCTIONS.items(), 1):
        name = signature.partition("(")[0]
        # On an empty database there is nothing to replace.
        body = text.strip().replace("CREATE OR REPLACE", "CREATE", 1)
        files[f"functions/{number:03}_{name}.sql"] = f"{body};\n"
    files["triggers/001_set_updated_at.sql"] = "\n".join(triggers(tables))
    return {path: f"{HEADER}\n{text}" for path, text in sorted(files.items())}


def in_order() -> list[Table]:
    """Return the tables by domain, each after those it refers to."""
    waiting = [
        member.__table__
        for domain in DOMAINS
        for member in vars(domain).values()
        if hasattr(member, "__table__") and member.__module__ == domain.__name__
    ]
    if forgotten := set(metadata.tables.values()) - set(waiting):
        raise LookupError(f"no domain of {sorted(table.name for table in forgotten)} is listed")
    placed: list[Table] = []
    while waiting:
        ready = next(table for table in waiting if needed(table) <= set(placed))
        waiting.remove(ready)
        placed.append(ready)
    return placed


def needed(table: Table) -> set[Table]:
    keys = (key for key in table.foreign_key_constraints if not key.use_alter)
    return {key.referred_table for key in keys} - {table}


def table_script(table: Table) -> Iterator[str]:
    """Yield a table, its default partition, and what it and its columns are for."""
    specification: Callable[[Column[Any]], str] = COMPILER.get_column_specification
    lines = [specification(column) for column in table.columns]
    lines += [definition(one) for one in constraints(table)]
    partition_by = table.dialect_options["postgresql"]["partition_by"]
    tail = f"\n) PARTITION BY {partition_by};\n" if partition_by else "\n);\n"
    inner = ",\n".join(f"    {line}" for line in lines)
    yield f"CREATE TABLE {COMPILER.preparer.format_table(table)} (\n{inner}{tail}"
    if table.name in programs.DEFAULT_PARTITIONS:
        yield f"{programs.DEFAULT_PARTITIONS[table.name]};\n"
    comments: list[ExecutableDDLElement] = [SetTableComment(table)]
    comments += [SetColumnComment(column) for column in table.columns]
    yield "".join(statement(comment) for comment in comments)


def constraints(table: Table) -> list[Constraint]:
    """Return those of the table's own statement: primary key, then by kind and name."""
    found = [
        one
        for one in table.constraints
        if not (isinstance(one, ForeignKeyConstraint) and one.use_alter)
    ]
    order = ("primary_key_constraint", "unique_constraint", "foreign_key_constraint")
    kinds = {kind: place for place, kind in enumerate(order)}
    return sorted(found, key=lambda one: (kinds.get(one.__visit_name__, len(kinds)), str(one.name)))


def definition(constraint: Constraint) -> str:
    text = COMPILER.process(constraint)
    if len(text) + 5 <= WIDTH:
        return text
    head, rule = f"CONSTRAINT {constraint.name} ", text.split(maxsplit=2)[2]
    if len(rule) + 9 > WIDTH:
        rule = rule.replace(" ON DELETE", "\n        ON DELETE")
    return f"{head.rstrip()}\n        {rule}"


def cyclic_keys(tables: list[Table]) -> Iterator[str]:
    keys = [
        key
        for table in tables
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
        if key.use_alter
    ]
    for key in keys:
        text = compiled(AddConstraint(key))
        for word in ("FOREIGN KEY", "REFERENCES", "ON DELETE"):
            text = text.replace(f" {word}", f"\n    {word}", 1)
        yield f"{text};\n"


def triggers(tables: list[Table]) -> Iterator[str]:
    for table in tables:
        if "updated_at" in table.columns:
            name = {"fullname": COMPILER.preparer.format_table(table)}
            yield f"{(programs.UPDATED_AT_TRIGGER % name).strip()};\n"


def statement(element: ExecutableDDLElement) -> str:
    """Return one statement, on a second line where one would be too long."""
    text = compiled(element)
    if len(text) >= WIDTH:
        at = " IS " if text.startswith("COMMENT") else " ON "
        text = text.replace(at, f"\n    {at.lstrip()}", 1)
        if at == " ON ":
            text = text.replace(" WHERE ", "\n    WHERE ", 1)
    return f"{text};\n"


def compiled(element: ExecutableDDLElement) -> str:
    return str(element.compile(dialect=DIALECT)).strip()


def write(wanted: Mapping[str, str]) -> None:
    for stale in set(there()) - set(wanted):
        (FOLDER / stale).unlink()
    for path, text in wanted.items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")


def differences(wanted: Mapping[str, str]) -> list[str]:
    """Return in words how the files differ from what would be written."""
    found = there()
    told = [f"{path}: missing" for path in wanted if path not in found]
    told += [f"{path}: not written from the models" for path in found if path not in wanted]
    told += [
        f"{path}: differs from the models"
        for path in wanted
        if path in found and found[path] != wanted[path]
    ]
    return sorted(told)


def there() -> dict[str, str]:
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*.sql")
    }


if __name__ == "__main__":
    sys.exit(main())
