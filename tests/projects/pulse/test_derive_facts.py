"""Published facts become facts of PostgreSQL, by rules that need no database."""

import json
from typing import Any

import pytest

from tests.projects.pulse.derive_facts import (
    FACTS,
    database_default,
    database_type,
    derive,
    prisma_name,
    written,
)

PUBLISHED: dict[str, Any] = {
    "about": "",
    "enums": {"Mood": ["GOOD", "BAD"]},
    "tables": {
        "b": {
            "columns": {
                "id": {"type": "TEXT", "nullable": False, "client": "cuid()"},
                "mood": {"type": "enum Mood", "nullable": True, "default": "'GOOD'"},
                "aId": {"type": "TEXT", "nullable": True},
            },
            "primary_key": ["id"],
            "uniques": [{"columns": ["aId", "mood"]}],
            "indexes": [{"columns": ["aId", "mood"], "descending": ["mood"]}],
            "foreign_keys": [
                {
                    "columns": ["aId"],
                    "references": "a",
                    "ref_columns": ["id"],
                    "on_delete": "SET NULL",
                    "on_update": "CASCADE",
                }
            ],
        },
        "a": {
            "columns": {"id": {"type": "INTEGER", "nullable": False, "default": "0"}},
            "primary_key": None,
            "indexes": [{"columns": ["id"], "name": "own_name"}],
            "foreign_keys": [],
        },
    },
}


@pytest.mark.parametrize(
    ("published", "type_"),
    [
        ("TIMESTAMP(3)", "timestamp(3) without time zone"),
        ("DECIMAL(10, 2)", "numeric(10,2)"),
        ("TEXT[]", "text[]"),
        ("JSONB[]", "jsonb[]"),
        ("enum UserRole", 'public."UserRole"'),
        ("enum UserRole[]", 'public."UserRole"[]'),
        ("DOUBLE PRECISION", "double precision"),
    ],
)
def test_types_are_written_as_the_server_writes_them(published: str, type_: str):
    assert database_type(published) == type_


@pytest.mark.parametrize("unknown", ["BYTEA", "VARCHAR(10)", "DECIMAL(10,2)", "timestamp(3)"])
def test_a_type_that_nobody_has_looked_at_is_refused(unknown: str):
    with pytest.raises(ValueError, match="unknown type"):
        database_type(unknown)


@pytest.mark.parametrize(
    ("published", "type_", "default"),
    [
        ("'PENDING'", 'public."JobStatus"', "'PENDING'::public.\"JobStatus\""),
        ("'webp'", "text", "'webp'::text"),
        ("CURRENT_TIMESTAMP", "timestamp(3) without time zone", "CURRENT_TIMESTAMP"),
        ("10.0", "numeric(10,2)", "10.0"),
        (None, "text", None),
    ],
)
def test_defaults_are_written_as_the_server_deparses_them(
    published: str | None, type_: str, default: str | None
):
    assert database_default(published, type_) == default


def test_long_names_are_cut_before_the_suffix():
    columns = ("cartId", "productId", "variantId", "imageId", "uploadedImageR2Key")
    name = prisma_name("merch_cart_items", columns, "_key")
    assert name == "merch_cart_items_cartId_productId_variantId_imageId_uploade_key"
    assert len(name) == 63
    fits = prisma_name(
        "allocator_campaigns", ("workspaceId", "platform", "platformCampaignId"), "_key"
    )
    assert fits == "allocator_campaigns_workspaceId_platform_platformCampaignId_key"


def test_keys_and_indexes_are_named_and_everything_else_is_kept():
    assert derive(PUBLISHED) == {
        "enums": {"Mood": ["GOOD", "BAD"]},
        "tables": {
            "a": {
                "columns": {"id": {"type": "integer", "nullable": False, "default": "0"}},
                "primary_key": {},
                "uniques": {},
                "indexes": {"own_name": ["id"]},
                "foreign_keys": {},
            },
            "b": {
                "columns": {
                    "aId": {"type": "text", "nullable": True},
                    "id": {"type": "text", "nullable": False, "client": "cuid()"},
                    "mood": {
                        "type": 'public."Mood"',
                        "nullable": True,
                        "default": "'GOOD'::public.\"Mood\"",
                    },
                },
                "primary_key": {"b_pkey": ["id"]},
                "uniques": {"b_aId_mood_key": ["aId", "mood"]},
                "indexes": {"b_aId_mood_idx": ["aId", "mood desc"]},
                "foreign_keys": {
                    "b_aId_fkey": {
                        "columns": ["aId"],
                        "references": "a",
                        "referenced_columns": ["id"],
                        "on_delete": "SET NULL",
                        "on_update": "CASCADE",
                    }
                },
            },
        },
    }


def test_two_indexes_of_one_name_are_refused():
    twice = [{"columns": ["id"]}, {"columns": ["id"]}]
    broken = {"enums": {}, "tables": {"a": PUBLISHED["tables"]["a"] | {"indexes": twice}}}
    with pytest.raises(ValueError, match="one name"):
        derive(broken)


def test_the_committed_file_is_as_the_script_writes_it(facts: dict[str, Any]):
    assert written(facts) + "\n" == FACTS.read_text(encoding="utf-8")
    assert json.loads(written(facts)) == facts
