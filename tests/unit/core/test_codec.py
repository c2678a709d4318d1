"""The codec: what goes out comes back, in a stable form, and bad data is told with its place."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgassay.core.catalog import (
    Catalog,
    Column,
    ColumnType,
    Constraint,
    ConstraintKind,
    EnumType,
    Sequence,
    Table,
    TypeKind,
)
from pgassay.core.codec import decode, encode
from pgassay.core.names import QualifiedName

_TEXT = st.text(max_size=8)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that the annotation of a field allows."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return st.none() | values(arguments[0])
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if hint is QualifiedName:
        return st.builds(QualifiedName, _TEXT, _TEXT)
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        fields = {f.name: st.deferred(lambda h=hints[f.name]: values(h)) for f in _fields(hint)}
        return st.builds(hint, **fields)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return {str: _TEXT, int: st.integers(), bool: st.booleans()}[hint]


def _fields(cls: Any) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(cls)


PARTS = [
    item
    for hint in typing.get_type_hints(Catalog).values()
    for item in typing.get_args(hint)
    if dataclasses.is_dataclass(item)
]

INTEGER = ColumnType(sql="integer", name=QualifiedName("pg_catalog", "int4"), base="int4")
ORDERS = Table(
    name=QualifiedName("Straße", "select"),
    columns=(Column(name='a"b', position=1, type=INTEGER, not_null=True),),
    constraints=(
        Constraint(name="pk", kind=ConstraintKind.PRIMARY_KEY, columns=('a"b',), definition="…"),
    ),
)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_what_is_encoded_is_decoded_to_an_equal_value(part: Any) -> None:
    @settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
    @given(values(part))
    def holds(value: Any) -> None:
        text = json.dumps(encode(value), ensure_ascii=False)
        assert decode(part, json.loads(text)) == value

    holds()


def test_a_catalog_is_decoded_to_an_equal_catalog() -> None:
    catalog = Catalog(
        major=18, tables=(ORDERS,), enums=(EnumType(name=ORDERS.name, labels=("b",)),)
    )
    assert decode(Catalog, encode(catalog)) == catalog


def test_fields_that_hold_their_default_are_left_out() -> None:
    assert encode(ORDERS) == {
        "name": ["Straße", "select"],
        "columns": [
            {
                "name": 'a"b',
                "position": 1,
                "type": {"sql": "integer", "name": ["pg_catalog", "int4"], "base": "int4"},
                "not_null": True,
            }
        ],
        "constraints": [
            {"name": "pk", "kind": "primary key", "columns": ['a"b'], "definition": "…"}
        ],
    }


def test_a_value_equal_to_no_default_is_kept_even_if_it_is_false() -> None:
    sequence = Sequence(
        name=ORDERS.name, type="bigint", start=0, minimum=0, maximum=0, increment=0, cache=0
    )
    assert encode(sequence) == {
        "name": ["Straße", "select"],
        "type": "bigint",
        "start": 0,
        "minimum": 0,
        "maximum": 0,
        "increment": 0,
        "cache": 0,
    }


def test_keys_stand_in_the_order_of_the_fields() -> None:
    backwards = decode(
        Table, dict(reversed(list(typing.cast("dict[str, Any]", encode(ORDERS)).items())))
    )
    assert json.dumps(encode(backwards)) == json.dumps(encode(ORDERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    label: str
    weight: float = 0.5
    children: tuple[Node, ...] = ()
    kind: TypeKind | None = None


def test_a_class_may_hold_others_of_its_own_kind() -> None:
    tree = Node(label="a", weight=2, children=(Node(label="b", kind=TypeKind.ENUM),))
    assert encode(tree) == {
        "label": "a",
        "weight": 2,
        "children": [{"label": "b", "kind": "enum"}],
    }
    assert decode(Node, encode(tree)) == tree


def test_sets_are_written_sorted_and_mappings_as_they_are() -> None:
    assert encode({"b": frozenset({"y", "x"}), "a": {1: None}}) == {
        "b": ["x", "y"],
        "a": {"1": None},
    }


def test_what_has_no_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot encode bytes"):
        encode((b"",))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "Catalog: expected an object"),
        ({}, "Catalog: missing field 'major'"),
        ({"major": "18"}, "Catalog.major: expected int, found str"),
        ({"major": True}, "Catalog.major: expected int, found bool"),
        ({"major": 18, "table": []}, "Catalog: unknown field 'table'"),
        ({"major": 18, "tables": {}}, "Catalog.tables: expected a list"),
        (
            {"major": 18, "tables": [encode(ORDERS), {"name": ["a"], "columns": []}]},
            r"Catalog.tables\[1\].name: expected \[schema, name\]",
        ),
        (
            {"major": 18, "enums": [{"name": ["a", "b"], "labels": ["x", 1]}]},
            r"Catalog.enums\[0\].labels\[1\]: expected str, found int",
        ),
        (
            {"major": 18, "tables": [{"name": ["a", "b"], "columns": [], "kind": "odd"}]},
            r"Catalog.tables\[0\].kind: expected one of ordinary, partitioned, foreign",
        ),
        (
            {"major": 18, "tables": [{"name": ["a", "b"], "columns": [], "kind": []}]},
            r"Catalog.tables\[0\].kind: expected one of",
        ),
        ({"major": 18, "tables": [{"kind": "foreign"}]}, "missing field 'name', 'columns'"),
    ],
)
def test_bad_data_is_refused_with_its_place(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode(Catalog, data)
