"""Relations and the foreign keys that they draw: which line is which key, and its ends."""

from __future__ import annotations

import pytest

from tests.unit.erd.catalogs import catalog, errors, findings, table, told

USERS = table("users", "id int")
PAIR = catalog(
    USERS,
    table(
        "posts",
        "id int",
        "author_id int",
        "editor_id int?",
        keys=["author_id -> users", "editor_id -> users"],
    ),
)


@pytest.mark.parametrize(
    "lines",
    [
        "users ||--o{ posts : author\nusers |o--o{ posts : editor",
        "posts }o--|| users : author_id\nposts }o--o| users : editor_id",
        "users ||--o{ posts : posts_author_id_fkey\nusers |o--o{ posts : writes",
        'users |o--o{ posts : "edits"\nusers ||--o{ posts : "writes"',
        (
            'posts }o--|| users : "FOREIGN KEY (author_id) REFERENCES users(id)"\n'
            'posts }o--o| users : "FOREIGN KEY (editor_id) REFERENCES users(id)"'
        ),
        "users ||..o{ posts : author\nusers |o..o{ posts : editor",
        "users u--o{ posts : author\nusers |o--o{ posts : editor",
    ],
)
def test_lines_are_matched_with_keys_by_label_and_by_ends(lines: str) -> None:
    assert errors(lines, PAIR) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "users ||--o{ posts : author\nusers ||--o{ posts : editor",
            ["posts.posts_editor_id_fkey:cardinality"],
        ),
        (
            "users |o--o{ posts : author\nusers ||--o{ posts : editor",
            ["posts.posts_author_id_fkey:cardinality", "posts.posts_editor_id_fkey:cardinality"],
        ),
        ("users ||--o{ posts : author", ["posts.posts_editor_id_fkey:relation not drawn"]),
        (
            "users ||--|| posts : author\nusers |o--o{ posts : editor",
            ["posts.posts_author_id_fkey:cardinality"],
        ),
        (
            "users ||--o{ posts : author\nusers |o--o{ posts : editor\nusers |o--o{ posts : reader",
            ["users.posts : reader:relation not there"],
        ),
        (
            "users }o--o{ posts : likes\nusers ||--o{ posts : author\nusers |o--o{ posts : editor",
            ["users.posts : likes:relation not there"],
        ),
    ],
)
def test_a_line_that_says_otherwise_is_told(lines: str, expected: list[str]) -> None:
    assert errors(lines, PAIR) == [f"erd:{one}" for one in expected]


def test_the_direction_of_a_reference_shows_in_its_ends() -> None:
    backwards = "posts ||--o{ users : author\nposts |o--o{ users : editor"
    found = errors(backwards, PAIR)
    assert found
    assert all(one.endswith("cardinality") for one in found)


SELF = catalog(table("folders", "id int", "parent_id int?", keys=["parent_id -> folders"]))


@pytest.mark.parametrize(
    "line", ["folders |o--o{ folders : parent", "folders }o--o| folders : parent"]
)
def test_a_table_that_refers_to_itself_is_drawn_either_way(line: str) -> None:
    assert errors(line, SELF) == []


@pytest.mark.parametrize(
    "line", ["folders ||--o{ folders : parent", "folders |o--o| folders : parent"]
)
def test_a_table_that_refers_to_itself_can_be_drawn_wrong(line: str) -> None:
    assert errors(line, SELF) == ["erd:folders.folders_parent_id_fkey:cardinality"]


JOIN = catalog(
    USERS,
    table("tags", "id int"),
    table(
        "users_tags",
        "user_id int",
        "tag_id int",
        primary="user_id,tag_id",
        keys=["user_id -> users", "tag_id -> tags"],
    ),
)


def test_many_to_many_stands_for_a_table_that_only_joins() -> None:
    assert errors("users }o--o{ tags : has", JOIN) == []
    assert errors("users ||--o{ users_tags : x\ntags ||--o{ users_tags : y", JOIN) == []


def test_many_to_many_stands_for_one_table_only() -> None:
    assert errors("users }o--o{ tags : has\nusers }o--o{ tags : had", JOIN) == [
        "erd:users.tags : had:relation not there"
    ]


def test_a_table_that_holds_more_than_the_join_must_be_drawn() -> None:
    since = table(
        "users_tags",
        "user_id int",
        "tag_id int",
        "since date",
        primary="user_id,tag_id",
        keys=["user_id -> users", "tag_id -> tags"],
    )
    more = catalog(USERS, table("tags", "id int"), since)
    assert "erd:users_tags:table not drawn" in errors("users }o--o{ tags : has", more)


COMPOSITE = catalog(
    table("orders", "shop int", "no int", primary="shop,no"),
    table(
        "lines",
        "id int",
        "shop int",
        "order_no int?",
        unique=["shop,order_no"],
        keys=["shop,order_no -> orders"],
    ),
)


def test_a_composite_key_is_optional_if_one_column_is_and_single_if_all_are_unique() -> None:
    assert errors("lines |o--o| orders : x", COMPOSITE) == []
    assert errors("lines }o--o| orders : x", COMPOSITE) != []
    assert errors("lines |o--|| orders : x", COMPOSITE) != []


def test_a_relation_of_what_is_not_there_is_told_once_with_its_entity() -> None:
    text = "users ||--o{ posts : author\nusers |o--o{ posts : editor\nusers ||--o{ likes : gives"
    assert errors(text, PAIR) == ["erd:likes:table not there"]


def test_an_overview_may_repeat_what_parts_draw() -> None:
    block = "```mermaid\nerDiagram\n{}\n```\n"
    lines = "users ||--o{ posts : author\nusers |o--o{ posts : editor"
    assert errors(block.format(lines) + block.format(lines), PAIR) == []
    twice = block.format(f"{lines}\n{lines}")
    assert len(errors(twice, PAIR)) == 2


def test_that_each_parent_has_a_child_is_no_promise_of_a_key() -> None:
    text = "users ||--|{ posts : author\nusers |o--o{ posts : editor"
    assert errors(text, PAIR) == []
    assert told(text, PAIR)[0] == "drawn so: erd.mmd:2"


def test_a_wrong_end_shows_the_line_and_the_right_one() -> None:
    (found,) = (
        f
        for f in findings("users ||--o| posts : author\nusers |o--o{ posts : editor", PAIR)
        if f.discriminator == "cardinality"
    )
    assert found.found == "users ||--o| posts : author"
    assert found.expected == "zero or more of posts for each of users"
    assert found.fix == '"posts" }o--|| "users" : "author_id"'
    assert found.source == "erd.mmd:2"
