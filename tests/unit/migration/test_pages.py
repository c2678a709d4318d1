"""Every hazard has a page, and its place in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from pgassay.history.judgement import pages

DOCUMENT = Path(__file__).parents[3] / "docs" / "migration-hazards.md"


def test_the_catalogue_lists_every_hazard_as_its_page_begins() -> None:
    listed = re.findall(r"^\| `(\w+)` \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)

    assert dict(listed) == {slug: page.strip().splitlines()[0] for slug, page in pages().items()}
    assert len(listed) == len(dict(listed))


def test_a_page_says_more_than_its_first_line() -> None:
    assert [slug for slug, page in pages().items() if len(page.strip().splitlines()) < 3] == []
