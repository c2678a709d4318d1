"""A drawing held against a catalog: each thing that can be wrong is told, and nothing else."""

from __future__ import annotations

import re

import pytest

from pgassay.core.catalog import View
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.erd.writing import write_document
from tests.unit.erd.catalogs import catalog, errors, findings, public, table, told

SHOP = catalog(
    table(
        "users",
        "id int",
        "email text?",
        "team_id int",
        unique=["email"],
        keys=["team_id -> teams"],
    ),
    table("teams", "id int", "name text", "lead int?", keys=["lead -> users"]),
    table("profiles", "user_id int", "bio text?", primary="user_id", keys=["user_id -> users"]),
    table(
        "user_tags",
        "user_id int",
        "tag_id int",
        primary="user_id,tag_id",
        keys=["user_id -> users", "tag_id -> tags"],
    ),
    table("tags", "id int", "labels mood[]", "kind mood", enums=["mood"]),
    table("places", "id int", "slug text", "moods mood[]", unique=["slug"], enums=["mood"]),
    mood=("good", "bad"),
)
DOCUMENT = write_document("shop", SHOP)
# The same as somebody else might have drawn it; what it says once, it says everywhere.
DRAWN = DOCUMENT.split("```mermaid\n")[1].split("```")[0]
BOTH = pytest.mark.parametrize("drawn", [DOCUMENT, DRAWN], ids=["document", "diagram"])


def changed(old: str, new: str, drawn: str = DRAWN) -> str:
    assert drawn.count(old) == 1, old
    return drawn.replace(old, new)


def inner_lines(drawn: str) -> list[int]:
    """The numbers of the lines that are an attribute or a relation."""
    lines = enumerate(drawn.splitlines())
    return [n for n, line in lines if line.startswith("  ") or re.match(r'"\w+" \S\S--', line)]


@BOTH
def test_what_pgassay_writes_agrees_and_leaves_nothing_unsaid(drawn: str) -> None:
    assert findings(drawn, SHOP) == []


@BOTH
def test_every_line_that_is_taken_out_is_missed(drawn: str) -> None:
    lines = drawn.splitlines()
    ends = ("column not drawn", "relation not drawn")
    for number in inner_lines(drawn):
        (found,) = errors("\n".join(lines[:number] + lines[number + 1 :]) + "\n", SHOP)
        assert found.endswith(ends), lines[number]
    assert len(inner_lines(drawn)) == 21


FAULTS = {
    "  int team_id FK\n": ("  int team_id FK\n  text more\n", "users.more:column not there"),
    '  text bio "nullable"': ("  text bio", "profiles.bio:nullability"),
    "  text name": ('  text name "nullable"', "teams.name:nullability"),
    "  int user_id PK, FK\n  text bio": (
        "  int user_id FK\n  text bio",
        "profiles.user_id:PK mark",
    ),
    "  mood kind": ("  mood kind PK", "tags.kind:PK mark"),
    "  int team_id FK": ("  int team_id", "users.team_id:FK mark"),
    "  text name\n": ("  text name FK\n", "teams.name:FK mark"),
    "  text email UK": ("  text email", "users.email:UK mark"),
    "  text name\n  int": ("  text name UK\n  int", "teams.name:UK mark"),
    "  mood[] labels": ("  mood labels", "tags.labels:type"),
    "  mood kind\n": ("  mood[] kind\n", "tags.kind:type"),
    "  text email": ("  int email", "users.email:type"),
    "  mood kind\n}": ("  text kind\n}", "tags.kind:type"),
    '"users" }o--|| "teams"': ('"users" |o--|| "teams"', "users.users_team_id_fkey:cardinality"),
    '"teams" }o--o| "users"': ('"teams" }o--|| "users"', "teams.teams_lead_fkey:cardinality"),
    '"profiles" |o--|| "users"': (
        '"profiles" }o--|| "users"',
        "profiles.profiles_user_id_fkey:cardinality",
    ),
    '"user_tags" }o--|| "tags"': (
        '"user_tags" ||--|{ "tags"',
        "user_tags.user_tags_tag_id_fkey:cardinality",
    ),
    ' "tags" : "tag_id"': (
        ' "tags" : "tag_id"\n"tags" }o--|| "teams" : "team_id"',
        "tags.teams : team_id:relation not there",
    ),
    ' "teams" : "team_id"': (
        ' "teams" : "team_id"\n"users" }o--|| "teams" : "team_id"',
        "users.teams : team_id:relation not there",
    ),
    '"tags" {': ('"stickers" {\n  int id PK\n}\n"tags" {', "stickers:table not there"),
    '"places" {\n  int id PK\n  text slug UK\n  mood[] moods\n}\n': ("", "places:table not drawn"),
    "  text name\n  int lead": ("  text name\n  text name\n  int lead", "teams.name:drawn twice"),
    "  int id PK\n  text slug UK\n  mood[] moods\n": ("", "places:columns"),
}


@BOTH
@pytest.mark.parametrize("old", FAULTS)
def test_what_is_drawn_wrong_is_told_and_nothing_else(drawn: str, old: str) -> None:
    new, expected = FAULTS[old]
    assert errors(changed(old, new, drawn), SHOP) == [f"erd:{expected}"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  mood kind", "  string kind", "tags.kind:type"),
        ("  text name", "  varchar name", "teams.name:type"),
        ("  text name", "  gizmo name", "teams.name:type"),
        (
            "  int user_id PK, FK\n  int",
            "  int user_id PK, FK, UK\n  int",
            "user_tags.user_id:UK mark",
        ),
        ("  text name", "  text Name", "teams.name:column name"),
    ],
)
def test_pgassays_own_document_is_held_to_the_letter(old: str, new: str, expected: str) -> None:
    assert errors(changed(old, new, DOCUMENT), SHOP) == [f"erd:{expected}"]


def test_pgassays_own_document_may_not_leave_out_every_mark_of_a_kind() -> None:
    assert errors(DRAWN.replace(" UK", ""), SHOP) == []
    assert errors(DOCUMENT.replace(" UK", ""), SHOP) == [
        "erd:places.slug:UK mark",
        "erd:users.email:UK mark",
    ]
    without = re.sub(r'"\w+" \S\S--.*\n', "", DOCUMENT)
    assert {e.rpartition(":")[2] for e in errors(without, SHOP)} == {"relation not drawn"}


def test_a_finding_says_where_it_is_drawn_and_how_to_mend_it() -> None:
    (found,) = findings(changed("  text email UK", "  text email"), SHOP)
    line = DRAWN.split("text email")[0].count("\n") + 1
    assert found.source == f"erd.mmd:{line}"
    assert found.fix == 'text email UK "nullable"'
    assert found.why
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize("line", ['text bio "nullable"', 'text email UK "nullable"'])
def test_the_line_that_a_finding_shows_mends_it(line: str) -> None:
    broken = changed(line, line.replace(' "nullable"', "").replace(" UK", ""))
    assert {found.fix for found in findings(broken, SHOP)} == {line}


class TestHabits:
    """What a drawing never says is missing nowhere; what it says once it is held to."""

    USERS = catalog(
        table("a", "id int", "x text?", "y text", unique=["y"]),
        table("b", "id int", "x text?", "a_id int", keys=["a_id -> a"]),
    )

    def test_without_any_mark_nothing_is_asked_for(self) -> None:
        text = "a {\n int id\n text x\n text y\n}\nb {\n int id\n text x\n int a_id\n}\n"
        assert errors(text, self.USERS) == []
        assert told(text, self.USERS) == [
            "it never shows FK marks; PK marks; UK marks; what can be null; relations"
        ]

    def test_one_mark_makes_it_a_habit(self) -> None:
        text = (
            'a {\n int id PK\n text x "nullable"\n text y\n}\nb {\n int id\n text x\n int a_id\n}'
        )
        assert errors(text, self.USERS) == ["erd:b.id:PK mark", "erd:b.x:nullability"]

    def test_not_null_marks_are_read_the_other_way_round(self) -> None:
        text = """a {
            int id PK "not null"
            text x
            text y
        }
        b {
            int id PK
            text x
            int a_id "not null"
        }"""
        assert errors(text, self.USERS) == ["erd:a.y:nullability"]

    def test_a_drawing_of_keys_alone_lacks_no_other_column(self) -> None:
        text = "a {\n int id PK\n}\nb {\n int id PK\n int a_id FK\n}\na ||--o{ b : a"
        assert errors(text, self.USERS) == ["erd:a.y:column not drawn"]  # UK is a key too
        assert "columns that are no keys" in told(text, self.USERS)[0]

    def test_a_drawing_without_columns_is_held_to_tables_and_relations(self) -> None:
        assert errors("a ||--o{ b : a_id", self.USERS) == []
        assert errors("a\nb", self.USERS) == []
        assert errors("a ||--o{ c : a_id", self.USERS) == [
            "erd:b:table not drawn",
            "erd:c:table not there",
        ]

    def test_one_table_without_columns_among_others_is_told(self) -> None:
        text = "a {\n int id PK\n text x\n text y\n}\nb\n"
        both = catalog(*self.USERS.tables, table("c", "id int"))
        assert errors(text + "c {\n int id PK\n}", both) == ["erd:b:columns"]

    def test_both_ways_of_marking_leave_the_rest_unjudged(self) -> None:
        text = 'a {\n int id "not null"\n text x "nullable"\n text y\n}\nb'
        assert not [e for e in errors(text, self.USERS) if "null" in e]
        assert "marks both what can and cannot" in told(text, self.USERS)[0]


def test_partitions_and_books_of_tools_need_not_be_drawn_and_may_be() -> None:
    books = catalog(*SHOP.tables, table("alembic_version", "v text"), table("own", "id int"))
    assert errors(DRAWN, catalog(*books.tables[:-1], mood=("good", "bad"))) == []
    own = [public("own")]
    all_of_it = catalog(*books.tables, mood=("good", "bad"))
    assert errors(DRAWN, all_of_it) == ["erd:own:table not drawn"]
    assert findings(DRAWN, all_of_it, bookkeeping=own) == []
    assert findings(f"{DRAWN}alembic_version {{\n text v\n}}", all_of_it, bookkeeping=own) == []


def test_a_view_may_be_drawn_and_need_not_be() -> None:
    from dataclasses import replace

    seen = View(name=public("seen"), definition="", columns=SHOP.tables[0].columns)
    with_view = replace(SHOP, views=(seen,))
    assert errors(DRAWN, with_view) == []
    assert errors(f"{DRAWN}seen {{\n int id\n}}", with_view) == []
    assert errors(f"{DRAWN}seen {{\n int other\n}}", with_view) == [
        "erd:seen.other:column not there"
    ]


class TestEnums:
    """Enum types may be drawn as entities; then each of them, with its labels in order."""

    def test_labels_are_compared_in_order(self) -> None:
        assert errors(f"{DRAWN}mood {{\n good good\n bad bad\n}}", SHOP) == []
        assert errors(f"{DRAWN}mood {{\n bad bad\n good good\n}}", SHOP) == ["erd:mood:labels"]
        assert errors(f"{DRAWN}mood {{\n good good\n}}", SHOP) == ["erd:mood:labels"]

    def test_where_one_is_drawn_the_others_are_missed(self) -> None:
        two = catalog(*SHOP.tables, mood=("good", "bad"), sort=("a",))
        assert errors(f"{DRAWN}mood {{\n good good\n bad bad\n}}", two) == [
            "erd:sort:enum not drawn"
        ]
        assert errors(DRAWN, two) == []

    def test_a_line_to_an_enum_type_needs_a_column_of_it(self) -> None:
        mood = "mood {\n good good\n bad bad\n}\n"
        assert errors(f'{DRAWN}{mood}tags ||--|| mood : "enum:kind"', SHOP) == []
        assert errors(f'{DRAWN}{mood}users ||--|| mood : "enum:kind"', SHOP) == [
            "erd:users.mood : enum:kind:relation not there"
        ]


def test_what_no_foreign_key_can_promise_is_told_as_information() -> None:
    text = changed('"users" }o--|| "teams"', '"users" }|--|| "teams"')
    assert errors(text, SHOP) == []
    assert told(text, SHOP)[0].startswith("drawn so: erd.mmd:")


def test_a_diagram_that_mermaid_would_not_draw_for_its_length_is_told() -> None:
    text = DRAWN + "%% " + "x" * 50_000 + "\n"
    assert errors(text, SHOP) == []
    assert any("characters from" in found for found in told(text, SHOP))


def test_a_word_that_nobody_knows_is_told_and_not_judged() -> None:
    text = changed("  text email", "  gizmo email")
    assert errors(text, SHOP) == []
    assert any("gizmo" in found for found in told(text, SHOP))


def test_tables_of_several_schemas_are_told_apart() -> None:
    one = table("item", "id int")
    other = table(QualifiedName("old", "item"), "id bigint")
    both = catalog(one, other)
    assert findings(write_document("x", both), both) == []
    text = '"item" {\n int id PK\n}\n"old.item" {\n bigint id PK\n}'
    assert errors(text, both) == []
    assert errors(text.replace("bigint", "text"), both) == ["erd:old.item.id:type"]
