"""Marks of an attribute: keys and nullability, in the ways of people and tools."""

from __future__ import annotations

import pytest

from pgassay.erd.diagram import Attribute, Place
from pgassay.erd.marks import marks_of


def attribute(comment: str | None = None, *keys: str, optional: bool = False) -> Attribute:
    place = Place(file="x", line=1)
    return Attribute(
        type="int", name="a", keys=keys, comment=comment, optional=optional, place=place
    )


@pytest.mark.parametrize(
    ("comment", "nullable"),
    [
        (None, None),
        ("", None),
        ("nullable", True),
        ("NULLABLE", True),
        ("nullable: until it is sent", True),
        ("price in cents, nullable", True),
        ("null", True),
        ("❓", True),
        ("optional", True),
        ("not null", False),
        ("{NOT_NULL}", False),
        ("NOT NULL {a,b}", False),
        ("not nullable", False),
        ("required", False),
        ("null values are skipped", None),
        ("no longer nullable since May", None),
        ("unique in its way", None),
    ],
)
def test_nullability_is_a_mark_and_no_word_within_prose(
    comment: str | None, nullable: bool | None
) -> None:
    assert marks_of(attribute(comment)).nullable is nullable


def test_a_question_mark_after_the_type_means_nullable() -> None:
    assert marks_of(attribute(optional=True)).nullable is True


@pytest.mark.parametrize(
    ("comment", "keys"),
    [
        ("🗝️", {"PK"}),
        ("🗝️ ❓", {"PK"}),
        ("pk", {"PK"}),
        ("primary key", {"PK"}),
        ("FK, nullable", {"FK"}),
        ("unique", {"UK"}),
        ("foreign key (unique key)", {"FK", "UK"}),
        ("the fk of it", set()),
    ],
)
def test_keys_in_a_comment_are_marks_too(comment: str, keys: set[str]) -> None:
    marks = marks_of(attribute(comment))
    assert marks.keys == keys
    assert marks.commented == keys


def test_what_is_marked_twice_is_one_mark() -> None:
    marks = marks_of(attribute("pk", "PK", "FK"))
    assert marks.keys == {"PK", "FK"}
    assert marks.commented == set()
