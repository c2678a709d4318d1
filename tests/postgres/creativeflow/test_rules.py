"""Each business rule is silent on sound rows and names the row that breaks it."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from pgassay.core.statement import Statement
from pgassay.postgres.session import PipelineSession
from pgassay.run.rules import Rule, read_rules, rule_trials
from tests.postgres.creativeflow.throwaway import ROOT, Connection, NewDatabase, Server

FOLDER = ROOT / "suites/creativeflow/rules"
RULES = {rule.name: rule.query for rule in read_rules(FOLDER)}

# Two users with work of their own, one team, one request with two outputs, one validated release.
SOUND = """
INSERT INTO users (id, email) VALUES ({a}, 'a@example.org'), ({b}, 'b@example.org');
INSERT INTO teams (id, name, owner_id) VALUES ({1}, 'team', {a});
INSERT INTO team_members (team_id, user_id, role) VALUES ({1}, {b}, 'Editor');
INSERT INTO brand_kits (id, user_id, team_id, name, colors, fonts, is_default) VALUES
    ({1}, {a}, NULL, 'own', '[]', '[]', true), ({2}, {a}, {1}, 'team''s', '[]', '[]', true),
    ({3}, {b}, NULL, 'other', '[]', '[]', true), ({4}, {b}, NULL, 'spare', '[]', '[]', false);
INSERT INTO templates (id, user_id, name, category, preview_url, source_data, is_public) VALUES
    ({1}, {a}, 'private', 'c', 'u', '{{}}', false), ({2}, NULL, 'system', 'c', 'u', '{{}}', true);
INSERT INTO workbenches (id, user_id, name, default_brand_kit_id) VALUES
    ({1}, {a}, 'bench', {1}), ({2}, {b}, 'bench', {2});
INSERT INTO projects (id, workbench_id, user_id, name, template_id, brand_kit_id) VALUES
    ({1}, {1}, {a}, 'p', {1}, {2}), ({2}, {2}, {b}, 'p', {2}, {3});
INSERT INTO generation_requests (id, user_id, project_id, input_prompt) VALUES
    ({1}, {a}, {1}, 'x'), ({2}, {b}, {2}, 'y');
INSERT INTO assets (id, project_id, user_id, generation_request_id, name, type, file_path,
                    mime_type, format) VALUES
    ({1}, {1}, {a}, {1}, 'a', 'AIGenerated', 'f', 'image/png', 'png'),
    ({2}, {1}, {a}, {1}, 'b', 'AIGenerated', 'f', 'image/png', 'png'),
    ({3}, {1}, {a}, NULL, 'c', 'Uploaded', 'f', 'image/png', 'png');
INSERT INTO generation_results (id, generation_request_id, asset_id, is_selected, resolution) VALUES
    ({1}, {1}, {1}, true, '1x1'), ({2}, {1}, {2}, false, '1x1');
UPDATE generation_requests SET selected_sample_id = {1}, final_asset_id = {2} WHERE id = {1};
INSERT INTO asset_versions (asset_id, project_id, version_number) VALUES
    ({1}, NULL, 1), ({1}, NULL, 2), (NULL, {1}, 1);
INSERT INTO ai_models (id, name, provider, task_type) VALUES ({1}, 'm', 'p', 'upscaling');
INSERT INTO ai_model_versions (id, model_id, version_number, status) VALUES
    ({1}, {1}, '1', 'Active'), ({2}, {1}, '2', 'Rejected');
INSERT INTO ai_model_validation_results
       (id, model_version_id, security_scan_status, functional_status) VALUES
    ({1}, {1}, 'Passed', 'Skipped'), ({2}, {2}, 'Failed', 'Passed');
UPDATE ai_model_versions SET validation_result_id = {1} WHERE id = {1};
INSERT INTO notifications (user_id, type, message, created_at) VALUES ({a}, 't', 'm', '2026-12-01')
"""

# What breaks each rule; where a constraint stands in the way, it goes first.
BREAK = {
    "project_owner_is_workbench_owner": """
        ALTER TABLE projects DROP CONSTRAINT fk_projects_workbench_id_user_id;
        UPDATE projects SET user_id = {a}, brand_kit_id = NULL WHERE id = {2}""",
    "versions_have_no_gap": "UPDATE asset_versions SET version_number = 3 WHERE version_number = 2",
    "one_default_brand_kit_per_owner": """
        DROP INDEX idx_brandkit_userid_default_unique;
        UPDATE brand_kits SET is_default = true WHERE id = {4}""",
    "default_partitions_are_empty": "UPDATE notifications SET created_at = '2031-01-01'",
    "accepted_validation_is_its_own": """
        ALTER TABLE ai_model_versions DROP CONSTRAINT fk_ai_model_versions_validation_result_id_id;
        UPDATE ai_model_versions SET validation_result_id = {2} WHERE id = {1}""",
    "active_release_did_not_fail_validation": """
        UPDATE ai_model_validation_results SET functional_status = 'Failed' WHERE id = {1}""",
    "outputs_belong_to_their_request": """
        UPDATE assets SET generation_request_id = {2} WHERE id = {2}""",
    "selected_result_is_the_selected_sample": """
        UPDATE generation_results SET is_selected = true WHERE id = {2}""",
    "uploaded_asset_names_no_request": """
        UPDATE assets SET generation_request_id = {1} WHERE id = {3}""",
    "private_template_is_used_by_its_author_only": """
        UPDATE projects SET template_id = {1} WHERE id = {2}""",
    "brand_kit_in_use_is_within_reach": """
        UPDATE workbenches SET default_brand_kit_id = {3} WHERE id = {1}""",
}


def uuid(last: object):
    return f"'00000000-0000-4000-8000-00000000000{last}'"


def run(connection: Connection, script: str):
    """Run statements in which {1} and {a} stand for fixed ids."""
    ids = [uuid(number) for number in range(10)]
    connection.execute(script.format(*ids, a=uuid("a"), b=uuid("b")))


def test_every_rule_has_a_fault_to_prove_it():
    assert RULES.keys() == BREAK.keys()


def test_sound_rows_break_no_rule(connection: Connection):
    run(connection, SOUND)
    speaking = [rule for rule, query in RULES.items() if connection.execute(query).fetchall()]
    assert speaking == []


@pytest.mark.parametrize("rule", sorted(BREAK))
def test_a_broken_rule_names_one_row_and_no_other_rule_speaks(connection: Connection, rule: str):
    run(connection, SOUND)
    run(connection, BREAK[rule])
    found = {name: len(connection.execute(query).fetchall()) for name, query in RULES.items()}
    assert {name: count for name, count in found.items() if count} == {rule: 1}


# What keeps each breach of a rule's header: a constraint, or None where only the query sees it.
KEPT_BY = {
    "project_owner_is_workbench_owner": ["fk_projects_workbench_id_user_id"],
    "versions_have_no_gap": [None, None],
    "one_default_brand_kit_per_owner": [
        "idx_brandkit_userid_default_unique",
        "idx_brandkit_teamid_default_unique",
    ],
    "default_partitions_are_empty": [None, None, None],
    "accepted_validation_is_its_own": ["uq_ai_model_versions_validation_result_id"],
    "active_release_did_not_fail_validation": [None, None],
    "outputs_belong_to_their_request": [None, None],
    "selected_result_is_the_selected_sample": [None],
    "uploaded_asset_names_no_request": [None],
    "private_template_is_used_by_its_author_only": [None],
    "brand_kit_in_use_is_within_reach": [None, None],
}


def test_a_breach_is_refused_by_what_keeps_the_rule_and_by_nothing_else(populated: PipelineSession):
    refused = {}
    for rule in read_rules(FOLDER):
        refused[rule.name] = [
            reply.refusal and reply.refusal.constraint
            for breaking in rule.breaks
            for reply in populated.run_all(
                [Statement("begin"), Statement(breaking), Statement("rollback")]
            )[1:2]
        ]
    assert refused == KEPT_BY


RULE = Rule(
    name="nobody_has_credits",
    path=FOLDER / "nobody_has_credits.sql",
    says="nobody has credits",
    why="it is an example",
    query="select id from users where credit_balance > 1000",
    breaks=("update users set credit_balance = 1001",),
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"query": "select id from users"}, ["3 rows break it"]),
        ({"query": "select 1 from nowhere"}, ["42P01 ", "its breach goes unseen"]),
        ({"breaks": ("update users set full_name = 'x'",)}, ["its breach goes unseen"]),
        ({"breaks": ("delete from users where false",)}, ["its breach touches no row"]),
        ({"breaks": ("update users set nothing = 1",)}, ["its breach does not run: 42703"]),
        ({"breaks": ("update users set credit_balance = -1",)}, []),
    ],
)
def test_a_rule_that_does_not_hold_or_proves_nothing_is_found(
    populated: PipelineSession, change: dict[str, Any], told: list[str]
):
    trials = rule_trials((replace(RULE, **change),), populated)
    found = [finding.found for trial in trials for finding in trial.perform()]
    assert len(found) == len(told)
    assert all(line.startswith(start) for line, start in zip(found, told, strict=True))


def breaches(rule: Rule, *grounds: Any) -> list[str]:
    trials = list(rule_trials((rule,), *grounds))[1:]
    return [finding.found for trial in trials for finding in trial.perform()]


def test_a_breach_is_tried_on_families_where_there_are_some(
    populated: PipelineSession, server: Server, new_database: NewDatabase, head: str
):
    with psycopg.connect(server.url(new_database(template=head)), autocommit=True) as connection:
        bare = PipelineSession(connection)
        assert breaches(RULE, bare) == ["its breach touches no row"]
        assert breaches(RULE, bare, populated) == []
        proves_nothing = replace(RULE, breaks=("update users set full_name = 'x'",))
        assert breaches(proves_nothing, bare, populated) == ["its breach goes unseen"]


def test_rows_that_break_a_rule_are_found_whatever_the_families_say(populated: PipelineSession):
    rule = replace(RULE, query="select id from users")
    (holds, _) = rule_trials((rule,), populated, populated)
    assert [finding.found for finding in holds.perform()] == ["3 rows break it"]


def test_trying_a_breach_leaves_the_rows_as_they_were(populated: PipelineSession):
    balance = Statement("select sum(credit_balance) from users")
    before = populated.run(balance)
    for trial in rule_trials((RULE,), populated):
        assert list(trial.perform()) == []
    assert populated.run(balance) == before
