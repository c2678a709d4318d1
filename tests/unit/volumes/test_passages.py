"""Texts and documents: none twice, as wide as asked, in the order of their places."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from pgassay.volumes.cells import Varying
from pgassay.volumes.passages import Passages, documents, texts


def values(passages: Passages, kinds: int) -> list[bytes]:
    cells = passages.cells(np.arange(kinds, dtype=np.int64))
    assert isinstance(cells, Varying)
    assert isinstance(cells.cells, pa.BinaryArray)
    return [cell[4:] for cell in cells.cells.to_pylist()]


def stored(value: bytes) -> int:
    return len(value) + (1 if len(value) <= 126 else 4)


@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize(
    ("label", "kinds", "width"),
    [("note", 5_000, 60), ("code", 36, 2), ("email", 3_000, 30), ("url", 900, 50),
     ("body", 2_000, 700), ("flag", 3, 5), ("name", 1, 12)],
)  # fmt: skip
def test_texts_differ_and_are_as_wide_as_asked(
    label: str, kinds: int, width: int, ordered: bool, even: bool
) -> None:
    found = values(texts(label, kinds, width, None, ordered=ordered, even=even), kinds)
    assert len(set(found)) == kinds
    mean = sum(map(stored, found)) / kinds
    assert mean == pytest.approx(width, abs=max(0.06 * width, 0.5))
    if ordered:
        assert found == sorted(found)
    if label == "email" and not ordered:
        assert all(value.endswith(b"@example.org") for value in found)


def test_no_text_is_longer_than_its_column() -> None:
    for width in (0, 9, 10, 400):
        found = values(texts("title", 2_000, width, 10, ordered=False, even=False), 2_000)
        assert max(map(len, found)) <= 10
        assert len(set(found)) == 2_000


def test_no_text_ends_in_a_blank_that_a_type_might_drop() -> None:
    found = values(texts("note", 300, 40, None, ordered=False, even=False), 300)
    assert all(value == value.strip() for value in found)


@pytest.mark.parametrize("width", [5, 20, 40, 300, 0])
@pytest.mark.parametrize("binary", [True, False])
def test_documents_differ_and_are_json(width: int, binary: bool) -> None:
    found = values(documents("meta", 1_500, width, binary=binary, even=False), 1_500)
    if binary:
        assert {value[:1] for value in found} == {b"\x01"}
        found = [value[1:] for value in found]
    assert len({json.dumps(json.loads(value)) for value in found}) == 1_500
