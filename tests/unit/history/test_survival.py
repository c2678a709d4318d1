"""What became of rows, judged from numbers alone."""

from pgassay.core.names import QualifiedName
from pgassay.history.content import ColumnContent, Contents, TableContent
from pgassay.history.survival import judge_return, judge_upgrade

T = QualifiedName("public", "T")


def column(digest: str = "1", filled: int = 5, **more: object) -> ColumnContent:
    facts = {"number": 1, "type": "text", "type_oid": 25, **more}
    return ColumnContent(digest=digest, filled=filled, **facts)  # type: ignore[arg-type]  # of tests


def contents(rows: int = 5, oid: int = 1, **columns: ColumnContent) -> Contents:
    return {T: TableContent(oid=oid, rows=rows, columns=columns)}


def told(before: Contents, after: Contents) -> list[str]:
    return [finding.title for finding in judge_upgrade(before, after, source="0002.py")]


def test_equal_contents_are_silent():
    assert told(contents(a=column()), contents(a=column())) == []


def test_a_type_that_was_made_anew_converts_values_and_must_lose_none():
    before = contents(a=column("1", type="mood", type_oid=90))
    mapped = contents(a=column("2", type="mood", type_oid=91))
    emptied = contents(a=column("2", filled=3, type="mood", type_oid=91))
    assert told(before, mapped) == ["values are converted with the type"]
    assert told(before, emptied) == ["values are others than before"]


def test_a_column_that_comes_back_empty_is_told_with_the_number_of_its_values():
    before, after, again = (
        contents(a=column()),
        contents(),
        contents(a=column("", filled=0, number=2)),
    )
    assert told(before, after) == ["the column and its values are dropped"]
    [found] = judge_return(before, after, again, source="0002.py")
    assert found.found == "5 of 5 values are missing"


def test_a_table_that_is_gone_after_the_downgrade_is_a_finding():
    [found] = judge_return(contents(a=column()), {}, {}, source="0002.py")
    assert found.title == "the table is gone"
