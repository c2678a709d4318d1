"""The database that the migrations build is the one that was published, to the last column."""

from collections.abc import Callable
from typing import Any

import pytest

from pgassay.core.catalog import Catalog
from pgassay.postgres.servers import Server
from tests.projects.pulse.conftest import NewDatabase
from tests.projects.pulse.described import described, differences

Facts = dict[str, Any]
Read = Callable[[str], Catalog]


@pytest.fixture
def head_after(server: Server, head: str, new_database: NewDatabase, catalog_of: Read) -> Read:
    """What a clone of head is after some statements."""

    def read(statements: str) -> Catalog:
        database = new_database(template=head)
        with server.connect(database) as connection:
            connection.execute(statements)
        return catalog_of(database)

    return read


def counts(database: Facts) -> dict[str, int]:
    tables = database["tables"].values()
    kinds = ("columns", "primary_key", "uniques", "indexes", "foreign_keys")
    return {
        "enums": len(database["enums"]),
        "tables": len(tables),
        **{kind: sum(len(table[kind]) for table in tables) for kind in kinds},
    }


def test_head_is_what_the_facts_say_and_nothing_else(facts: Facts, head: str, catalog_of: Read):
    found = described(catalog_of(head))
    assert list(differences(facts, found)) == []
    assert counts(found) == {
        "enums": 96,
        "tables": 141,
        "columns": 1495,
        "primary_key": 140,
        "uniques": 82,
        "indexes": 335,
        "foreign_keys": 192,
    }


def test_31_foreign_keys_of_the_product_have_no_covering_index(head: str, catalog_of: Read):
    bare = [
        key.name
        for table in catalog_of(head).tables
        for key in table.foreign_keys
        if not any(
            {k.column for k in index.keys[: len(key.columns)]} == set(key.columns)
            for index in table.indexes
        )
    ]
    assert len(bare) == 31


FAULTS = {
    'drop table "AbTestResult"': "tables.AbTestResult is missing",
    "create table extra ()": "tables.extra is not in the facts",
    'alter table users drop column "image"': "tables.users.columns.image is missing",
    'alter table users add "Image" text': "tables.users.columns.Image is not in the facts",
    'alter table users alter "referralCount" type bigint': (
        "tables.users.columns.referralCount.type: bigint instead of integer"
    ),
    "alter table merch_orders alter subtotal type numeric(10,3)": (
        "tables.merch_orders.columns.subtotal.type: numeric(10,3) instead of numeric(10,2)"
    ),
    'alter table users alter "createdAt" type timestamp': (
        "tables.users.columns.createdAt.type: timestamp without time zone"
        " instead of timestamp(3) without time zone"
    ),
    "alter table app_images alter tags drop not null": (
        "tables.app_images.columns.tags.nullable: True instead of False"
    ),
    "alter table users alter email set not null": (
        "tables.users.columns.email.nullable: False instead of True"
    ),
    "alter table merch_orders alter currency set default 'EUR'": (
        "tables.merch_orders.columns.currency.default: 'EUR'::text instead of 'GBP'::text"
    ),
    "alter table users alter role drop default": "tables.users.columns.role.default is missing",
    "alter table users alter id set default gen_random_uuid()": (
        "tables.users.columns.id.default is not in the facts"
    ),
    "alter type \"UserRole\" add value 'GUEST' before 'USER'": (
        "enums.UserRole: ['GUEST', 'USER', 'ADMIN', 'SUPER_ADMIN']"
        " instead of ['USER', 'ADMIN', 'SUPER_ADMIN']"
    ),
    "alter type \"UserRole\" rename value 'ADMIN' to 'admin'": (
        "enums.UserRole: ['USER', 'admin', 'SUPER_ADMIN']"
        " instead of ['USER', 'ADMIN', 'SUPER_ADMIN']"
    ),
    'create type "extra" as enum ()': "enums.extra is not in the facts",
    "alter table verification_tokens add primary key (token)": (
        "tables.verification_tokens.primary_key.verification_tokens_pkey is not in the facts"
    ),
    'alter table post_assets drop constraint post_assets_pkey,'
    ' add constraint post_assets_pkey primary key ("assetId", "postId")': (
        "tables.post_assets.primary_key.post_assets_pkey:"
        " ['assetId', 'postId'] instead of ['postId', 'assetId']"
    ),
    "alter table users drop constraint users_email_key": (
        "tables.users.uniques.users_email_key is missing"
    ),
    "alter table users rename constraint users_email_key to users_email_unique": (
        "tables.users.uniques.users_email_key is missing",
        "tables.users.uniques.users_email_unique is not in the facts",
    ),
    'drop index "app_images_appId_createdAt_idx";'
    ' create index "app_images_appId_createdAt_idx" on app_images ("createdAt", "appId")': (
        "tables.app_images.indexes.app_images_appId_createdAt_idx:"
        " ['createdAt', 'appId'] instead of ['appId', 'createdAt']"
    ),
    'drop index "workspace_recent_access_userId_accessedAt_idx";'
    ' create index "workspace_recent_access_userId_accessedAt_idx"'
    ' on workspace_recent_access ("userId", "accessedAt")': (
        "tables.workspace_recent_access.indexes.workspace_recent_access_userId_accessedAt_idx:"
        " ['userId', 'accessedAt'] instead of ['userId', 'accessedAt desc']"
    ),
    "drop index apps_slug_idx; create index apps_slug_idx on apps using hash (slug)": (
        "tables.apps.indexes.apps_slug_idx:"
        " ['slug', ('method', 'hash')] instead of ['slug']"
    ),
    "create index extra on users (name)": "tables.users.indexes.extra is not in the facts",
    'alter table accounts drop constraint "accounts_userId_fkey"': (
        "tables.accounts.foreign_keys.accounts_userId_fkey is missing"
    ),
    'alter table accounts drop constraint "accounts_userId_fkey",'
    ' add constraint "accounts_userId_fkey" foreign key ("userId") references users'
    " on delete restrict on update cascade": (
        "tables.accounts.foreign_keys.accounts_userId_fkey.on_delete: RESTRICT instead of CASCADE"
    ),
    'alter table accounts drop constraint "accounts_userId_fkey",'
    ' add constraint "accounts_userId_fkey" foreign key ("userId") references users'
    " on delete cascade": (
        "tables.accounts.foreign_keys.accounts_userId_fkey.on_update:"
        " NO ACTION instead of CASCADE"
    ),
    'alter table accounts drop constraint "accounts_userId_fkey",'
    ' add constraint "accounts_userId_fkey" foreign key ("userId") references users'
    " on delete cascade on update cascade not valid": (
        "tables.accounts.foreign_keys.accounts_userId_fkey.validated is not in the facts"
    ),
    'alter table accounts drop constraint "accounts_userId_fkey",'
    ' add constraint "accounts_userId_fkey" foreign key ("userId") references apps'
    " on delete cascade on update cascade": (
        "tables.accounts.foreign_keys.accounts_userId_fkey.references: apps instead of users"
    ),
    'alter table accounts drop constraint "accounts_userId_fkey",'
    ' add constraint "accounts_userId_fkey" foreign key (provider) references users'
    " on delete cascade on update cascade": (
        "tables.accounts.foreign_keys.accounts_userId_fkey.columns:"
        " ['provider'] instead of ['userId']"
    ),
    'alter table accounts drop constraint "accounts_userId_fkey",'
    ' add constraint "accounts_userId_fkey" foreign key ("userId") references users (email)'
    " on delete cascade on update cascade": (
        "tables.accounts.foreign_keys.accounts_userId_fkey.referenced_columns:"
        " ['email'] instead of ['id']"
    ),
    'alter table accounts alter constraint "accounts_userId_fkey" deferrable': (
        "tables.accounts.foreign_keys.accounts_userId_fkey.deferrable is not in the facts"
    ),
    "alter table voucher_redemptions drop constraint voucher_redemptions_pkey": (
        "tables.voucher_redemptions.primary_key.voucher_redemptions_pkey is missing"
    ),
    "alter table voucher_redemptions rename constraint voucher_redemptions_pkey to other": (
        "tables.voucher_redemptions.primary_key.other is not in the facts",
        "tables.voucher_redemptions.primary_key.voucher_redemptions_pkey is missing",
    ),
    'alter table users drop constraint "users_email_key",'
    " add constraint users_email_key unique (name)": (
        "tables.users.uniques.users_email_key: ['name'] instead of ['email']"
    ),
    'alter table users drop constraint "users_email_key",'
    " add constraint users_email_key unique nulls not distinct (email)": (
        "tables.users.uniques.users_email_key:"
        " ['email', ('nulls_not_distinct', True)] instead of ['email']"
    ),
    "drop index apps_slug_idx": "tables.apps.indexes.apps_slug_idx is missing",
    "drop index apps_slug_idx; create unique index apps_slug_idx on apps (slug)": (
        "tables.apps.indexes.apps_slug_idx: ['slug', ('unique', True)] instead of ['slug']"
    ),
    "drop index apps_slug_idx; create index apps_slug_idx on apps (slug) where slug > ''": (
        "tables.apps.indexes.apps_slug_idx:"
        " ['slug', ('predicate', \"(slug > ''::text)\")] instead of ['slug']"
    ),
    'alter type "UserRole" rename to "Role"': (
        "enums.Role is not in the facts",
        "enums.UserRole is missing",
        (
            "tables.users.columns.role.default: 'USER'::public.\"Role\""
            " instead of 'USER'::public.\"UserRole\""
        ),
        'tables.users.columns.role.type: public."Role" instead of public."UserRole"',
    ),
    'alter table "AbTestResult" rename to results': (
        "tables.AbTestResult is missing",
        "tables.results is not in the facts",
    ),
    "alter table boxes add constraint named check (name <> '')": (
        "tables.boxes.constraints is not in the facts"
    ),
    "create sequence extra": "sequences is not in the facts",
    "create view extra as select 1": "views is not in the facts",
    "create function extra() returns int language sql as 'select 1'": (
        "functions is not in the facts"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fault", "told"), FAULTS.items(), ids=range(len(FAULTS)))
def test_whatever_is_changed_is_told_and_nothing_else(
    fault: str,
    told: str | tuple[str, ...],
    facts: Facts,
    head_after: Read,
):
    expected = [told] if isinstance(told, str) else list(told)
    assert list(differences(facts, described(head_after(fault)))) == expected
