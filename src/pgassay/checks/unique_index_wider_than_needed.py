"""A unique index says less than another one that has fewer columns.

What it finds: a unique index all of whose columns and more are in it, beside a usable unique index
on some of them. Left alone are a primary key, a key that a foreign key refers to, and the replica
identity.

Why it hurts: what is unique by one column is unique by that and any other. The check is made twice,
and whoever reads the wider key takes the narrower rule for none.

Bad:
    create table users (id bigint primary key, email text unique, org int, unique (org, email));

Good:
    create table users (id bigint primary key, email text unique, org int);

Fix: drop it. Where a query needs the columns in that order, make it an index that is not unique.

When to ignore: the narrower key is about to go.

Reference: PostgreSQL documentation, chapter Indexes, Unique Indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import is_identity, is_key, is_referred_to, key_columns
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each unique index that a narrower one implies."""
    for table in ground.tables:
        unique = [i for i in table.indexes if i.unique and i.valid and _plain(i)]
        for index in unique:
            columns = key_columns(index)
            if columns is None or index.nulls_not_distinct or is_key(table, index):
                continue
            if is_referred_to(ground, table, columns) or is_identity(table, index):
                continue
            narrower = next((i for i in unique if _narrower(i, index)), None)
            if narrower is None:
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=index.name),
                found=f"{quote(index.name)} cannot be broken before {quote(narrower.name)} is",
                expected="the narrower key alone",
                fix=without_index(table, index),
                evidence=(narrower.definition, index.definition),
            )


def _plain(index: Index) -> bool:
    return index.method == "btree" and key_columns(index) is not None


def _narrower(one: Index, index: Index) -> bool:
    return set(key_columns(one) or ()) < set(key_columns(index) or ()) and (
        one.predicate is None or one.predicate == index.predicate
    )
