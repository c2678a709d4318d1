"""Shapes first met in other people's schemas: proven where they can be, and no false alarm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.cases.derivation import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres.cases.relational.conftest import Bench

STRANGERS = (Path(__file__).parent / "strangers.sql").read_text(encoding="utf-8")


def test_no_false_alarm_and_what_cannot_be_proven_is_told(bench_of: Callable[..., Bench]):
    verdict = bench_of(STRANGERS).judge(*kinds())
    assert verdict.broken == {}
    assert [name for name, u in verdict.unproven.items() if u.fails] == []
    assert {(u.subject.object, u.kind) for u in verdict.unproven.values()} == {
        ("strangers.account", "check"),  # over eight columns at once
        ("strangers.evaluation", "check"),
        ("strangers.evaluation", "foreign_key"),
        ("strangers.evaluation", "twin"),
        ("strangers.prompt", "check"),  # whatever breaks it is an orphan as well
        ("strangers.prompt", "foreign_key"),
        ("strangers.prompt", "twin"),
        ("strangers.secret", "key_update"),  # the trigger comes first
    }


HOME = "default: left out: 'home'::text"


@pytest.mark.parametrize(
    ("kind", "broken", "fault"),
    [
        ("default", f"strangers.model_version.workspace: {HOME}",
         "alter table model_version alter workspace drop default"),
        ("default", f"strangers.model_version_tag.workspace: {HOME}",
         "alter table model_version_tag alter workspace set default 'away'"),
        ("primary_key", ("strangers.model_version_tag.model_version_tag_pkey: primary_key: "
         "differing workspace accepted"),
         "create unique index on model_version_tag (key, name, version)"),
        ("primary_key", ("strangers.model_version_tag.model_version_tag_pkey: primary_key: "
         "differing name accepted"),
         "create unique index on model_version_tag (key, workspace, version)"),
        ("primary_key", "strangers.prompt.prompt_pkey: primary_key: differing id accepted",
         "create unique index on prompt (kind)"),
        ("cascade", "strangers.job: cascade: delete refused by strangers.evaluation.",
         ("alter table evaluation drop constraint evaluation_kind_id_fkey; alter table evaluation "
         "add foreign key (kind, id) references job (kind, id) on delete cascade")),
        ("cascade", "strangers.batch: cascade: delete reaches what the keys say",
         "alter table evaluation drop constraint evaluation_batch_id_fkey"),
        ("key_update", "strangers.job.id: key_update: update refused by strangers.evaluation",
         "alter table evaluation drop constraint evaluation_kind_id_fkey"),
        ("trigger", "strangers.secret.keep_id: trigger: an UPDATE of id refused",
         "drop trigger keep_id on secret"),
        ("cascade", "strangers.job: cascade: delete",
         ("alter table prompt drop constraint prompt_kind_id_fkey; "
         "alter table prompt add foreign key (kind, id) references job (kind, id)")),
    ],
)  # fmt: skip
def test_faults_in_them_are_seen(
    bench_of: Callable[..., Bench], kind: str, broken: str, fault: str
):
    found = bench_of(STRANGERS).judge(kind, fault=f"set search_path = strangers; {fault}").broken
    assert any(name.startswith(broken) for name in found), sorted(found)
