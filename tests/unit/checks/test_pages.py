"""Every check has its page, and the catalogue in docs is what the pages say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pgassay.checks.acceptance import __doc__ as acceptance_page
from pgassay.checks.circles import circles
from pgassay.checks.page import SECTIONS, read_page
from pgassay.checks.registry import built_in
from pgassay.core.check import Need
from pgassay.core.errors import ConfigError
from pgassay.rows.finding_rows import not_null_columns
from pgassay.run.catalogue import catalogue

DOCS = Path(__file__).parents[3] / "docs"


def test_the_catalogue_in_docs_is_what_explain_prints():
    assert (DOCS / "checks.md").read_text(encoding="utf-8") == catalogue() + "\n"


@pytest.mark.parametrize("slug", built_in())
def test_a_page_is_a_clause_with_reasons_and_statements(slug: str):
    check = built_in()[slug]
    page = check.page
    assert page.title[0].isupper()
    assert "\n" not in page.title
    assert re.search("documentation|SQLAlchemy|Alembic", page.reference)
    if check.need is Need.CATALOG:
        assert page.bad.endswith(";")
        assert page.good.endswith(";")


def test_acceptances_have_a_page_too():
    assert read_page(acceptance_page, "here").title


@pytest.mark.parametrize("section", SECTIONS)
def test_a_page_that_lacks_a_section_is_refused(section: str):
    text = built_in()["no_key"].page.text.replace(f"{section}:", f"{section} -")
    with pytest.raises(ConfigError) as refused:
        read_page(text, "no_key.py")
    assert f"the page lacks {section}" in str(refused.value)


def test_a_page_in_disorder_or_without_a_first_line_is_refused():
    text = built_in()["no_key"].page.text
    turned = text.replace("Fix:", "X:").replace("Reference:", "Fix:").replace("X:", "Reference:")
    with pytest.raises(ConfigError, match="disorder"):
        read_page(turned, "no_key.py")
    with pytest.raises(ConfigError, match="no first line"):
        read_page(text[text.index("What it finds") :], "no_key.py")


def test_circles_are_found_whole_and_once():
    edges = {"a": ["b"], "b": ["c", "x"], "c": ["a"], "x": ["y"], "y": ["y"], "z": ["a"]}
    assert list(circles(edges)) == [frozenset("abc")]
    two = {"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}
    assert set(circles(two)) == {frozenset("ab"), frozenset("cd")}
    assert list(circles({"a": ["b"], "b": []})) == []


@pytest.mark.parametrize(
    ("predicate", "columns"),
    [
        ("(a IS NOT NULL)", {"a"}),
        ('((a IS NOT NULL) AND ("B c" IS NOT NULL))', {"a", "B c"}),
        ('("say ""x""" IS NOT NULL)', {'say "x"'}),
        ("((a IS NOT NULL) OR (b IS NOT NULL))", None),
        ("((a IS NOT NULL) AND (b > 0))", None),
        ("(lower(a) IS NOT NULL)", None),
    ],
)
def test_a_predicate_of_not_nulls_is_read(predicate: str, columns: set[str] | None):
    assert not_null_columns(predicate) == columns


def test_the_example_of_a_check_of_ones_own_is_what_the_repository_has():
    page = (DOCS / "own-checks.md").read_text(encoding="utf-8")
    example = (DOCS.parent / "suites/creativeflow/checks/table_without_description.py").read_text()
    block = page.split("```python\n")[1].split("```")[0]
    for part in block.strip().split("\n\n"):
        assert part.strip() in example
