"""Names are quoted as the server quotes them: the reader finds names in deparsed text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import quote

if TYPE_CHECKING:
    import psycopg

HOSTILE = [
    "Straße",
    "straße",
    'a"b',
    "",
    " ",
    "1a",
    "a1",
    "_",
    "a$b",
    "A",
    "a b",
    "a.b",
    "é",
    "x" * 63,
]


def test_every_keyword_and_hostile_name_is_quoted_as_by_the_server(
    connection: psycopg.Connection[tuple[object, ...]], major: int
) -> None:
    words = connection.execute(
        "select word, quote_ident(word) from ("
        "select word from pg_get_keywords() union all select unnest(%s::text[])) w (word)",
        (HOSTILE,),
    ).fetchall()
    assert len(words) > 400
    differing = {word for word, quoted in words if quote(str(word)) != quoted}
    assert differing == ({"json"} if major == 16 else set())  # a keyword that came with 17
