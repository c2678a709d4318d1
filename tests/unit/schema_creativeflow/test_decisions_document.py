"""The table of indexes in the decisions document says what the models and the revisions build."""

from pathlib import Path

from schema.creativeflow import metadata

DOCUMENT = Path(__file__).parents[3] / "docs/creativeflow-decisions.md"
TABLE = [
    tuple(cell.strip(" `") for cell in line.strip("| ").split(" | "))
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]


def test_the_indexes_at_head_are_those_of_the_models():
    documented = {(name, table) for name, table, _, _, _, head, _ in TABLE if head == "yes"}
    assert documented == {
        (index.name, table.name) for table in metadata.tables.values() for index in table.indexes
    }


def test_no_index_is_listed_twice():
    names = [row[0] for row in TABLE]
    assert len(names) == len(set(names)) == 82


def test_the_table_says_why():
    assert all(row[-1] for row in TABLE)
