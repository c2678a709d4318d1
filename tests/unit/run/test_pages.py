"""Every slug that a finding can carry has one page."""

from collections import Counter

from pgassay.run.pages import pages, shelves


def test_no_two_kinds_of_finding_share_a_slug():
    known = Counter(slug for shelf in shelves() for slug in shelf)
    assert [slug for slug, times in known.items() if times > 1] == []
    assert len(pages()) == len(known) > 200


def test_every_page_says_something():
    assert [slug for slug, text in pages().items() if len(text.strip()) < 100] == []
