"""Turn the published facts of pulse into `facts.json`, what its database is held against.

    python tests/projects/pulse/derive_facts.py path/to/pulse-facts.json

The published file speaks Prisma; this one speaks PostgreSQL: types as `format_type` writes them,
defaults as `pg_get_expr` deparses them, every key, index and foreign key under the name that
Prisma gives it. Neither the models nor a database is asked: what they are compared with cannot
come from them. One line per object, sorted by name except where order is meaning.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("facts.json")
LONGEST_NAME = 63  # bytes, NAMEDATALEN - 1; Prisma shortens what comes before the suffix

Json = dict[str, Any]

SCALARS = {
    "TEXT": "text",
    "INTEGER": "integer",
    "BOOLEAN": "boolean",
    "JSONB": "jsonb",
    "DATE": "date",
    "DOUBLE PRECISION": "double precision",
    "TIMESTAMP(3)": "timestamp(3) without time zone",
}


def database_type(published: str) -> str:
    """The type as `format_type` writes it under an empty search_path.

    Raises ValueError for a type that nobody has looked at yet.
    """
    if published.endswith("[]"):
        return f"{database_type(published.removesuffix('[]'))}[]"
    if published.startswith("enum "):
        return f'public."{published.removeprefix("enum ")}"'
    if numeric := re.fullmatch(r"DECIMAL\((\d+), (\d+)\)", published):
        return f"numeric({numeric[1]},{numeric[2]})"
    if published not in SCALARS:
        raise ValueError(f"unknown type {published!r}")
    return SCALARS[published]


def database_default(published: str | None, type_: str) -> str | None:
    """The default as `pg_get_expr` deparses it: a string literal carries its type."""
    if published is not None and published.startswith("'"):
        return f"{published}::{type_}"
    return published


def prisma_name(table: str, columns: Iterable[str], suffix: str) -> str:
    """The name Prisma gives a key or an index, cut before the suffix where it is too long."""
    room = LONGEST_NAME - len(suffix)
    stem = "_".join((table, *columns)).encode()[:room].decode(errors="ignore")
    return stem + suffix


def column(published: Json) -> Json:
    type_ = database_type(published["type"])
    facts: Json = {"type": type_, "nullable": published["nullable"]}
    default = database_default(published.get("default"), type_)
    if default is not None:
        facts["default"] = default
    if "client" in published:
        facts["client"] = published["client"]
    return facts


def index_keys(published: Json) -> list[str]:
    descending = published.get("descending", ())
    return [f"{name} desc" if name in descending else name for name in published["columns"]]


def table(name: str, published: Json) -> Json:
    """Everything the published facts say about one table."""
    primary_key = published["primary_key"]
    pkey = published.get("primary_key_name", prisma_name(name, (), "_pkey"))
    uniques = published.get("uniques", [])
    indexes = {
        index.get("name", prisma_name(name, index["columns"], "_idx")): index_keys(index)
        for index in published["indexes"]
    }
    foreign_keys = {
        prisma_name(name, key["columns"], "_fkey"): {
            "columns": key["columns"],
            "references": key["references"],
            "referenced_columns": key["ref_columns"],
            "on_delete": key["on_delete"],
            "on_update": key["on_update"],
        }
        for key in published["foreign_keys"]
    }
    facts = {
        "columns": {c: column(facts) for c, facts in sorted(published["columns"].items())},
        "primary_key": {pkey: primary_key} if primary_key else {},
        "uniques": dict(
            sorted((prisma_name(name, u["columns"], "_key"), u["columns"]) for u in uniques)
        ),
        "indexes": dict(sorted(indexes.items())),
        "foreign_keys": dict(sorted(foreign_keys.items())),
    }
    counts = [(len(indexes), len(published["indexes"])), (len(facts["uniques"]), len(uniques))]
    if any(named != given for named, given in counts):
        raise ValueError(f"two keys or indexes of {name} would have one name")
    return facts


def derive(published: Json) -> Json:
    """The facts of the whole database."""
    return {
        "enums": dict(sorted(published["enums"].items())),
        "tables": {n: table(n, facts) for n, facts in sorted(published["tables"].items())},
    }


def written(facts: Json, depth: int = 0, lines_down_to: int = 3) -> str:
    """The facts as JSON, one line per column, key and index."""
    if depth > lines_down_to or not isinstance(facts, dict) or not facts:
        return json.dumps(facts, ensure_ascii=False)
    inner = " " * (depth + 1)
    rows = (
        f"{inner}{json.dumps(k)}: {written(v, depth + 1, lines_down_to)}" for k, v in facts.items()
    )
    return "{\n" + ",\n".join(rows) + "\n" + " " * depth + "}"


def main(source: str) -> None:
    """Write `facts.json` from the published file."""
    published = json.loads(Path(source).read_text(encoding="utf-8"))
    facts = derive(published)
    FACTS.write_text(written(facts) + "\n", encoding="utf-8")
    columns = sum(len(t["columns"]) for t in facts["tables"].values())
    print(f"{FACTS.name}: {len(facts['tables'])} tables, {columns} columns")


if __name__ == "__main__":
    main(*sys.argv[1:])
