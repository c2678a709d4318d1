"""The suites written by hand are green on a sound database and red on one with a fault."""

from collections.abc import Callable
from importlib import import_module

import psycopg
import pytest
from sqlalchemy.exc import SQLAlchemyError

from pgassay.testing import Database

FAULTS = {
    "creativeflow": {
        "an_account_with_a_team_cannot_go_until_the_team_is_handed_over": """
            alter table teams drop constraint fk_teams_owner_id,
                add constraint fk_teams_owner_id foreign key (owner_id) references users (id)
                on delete cascade""",
        "a_workbench_that_is_handed_over_takes_its_projects_along": """
            alter table projects drop constraint fk_projects_workbench_id_user_id""",
        "a_project_that_is_deleted_leaves_the_history_of_its_requests": """
            alter table generation_requests drop constraint fk_generation_requests_project_id,
                add constraint fk_generation_requests_project_id
                foreign key (project_id) references projects (id) on delete cascade""",
        "a_finished_request_survives_the_loss_of_its_asset": """
            alter table generation_requests drop constraint fk_generation_requests_final_asset_id,
                add constraint fk_generation_requests_final_asset_id
                foreign key (final_asset_id) references assets (id) deferrable""",
        "a_release_goes_live_on_its_own_validation_only": """
            alter table ai_model_versions
                drop constraint fk_ai_model_versions_validation_result_id_id,
                add constraint fk_ai_model_versions_validation_result_id_id
                foreign key (validation_result_id) references ai_model_validation_results (id)""",
        "one_default_brand_kit_for_a_user_and_one_for_each_team": """
            drop index idx_brandkit_userid_default_unique""",
        "a_template_that_goes_leaves_the_projects_that_began_with_it": """
            alter table projects drop constraint fk_projects_template_id,
                add constraint fk_projects_template_id
                foreign key (template_id) references templates (id) on delete cascade""",
        "the_time_of_a_change_is_the_databases_own": """
            alter table users disable trigger set_updated_at""",
    },
    "pulse": {
        "a_customer_with_orders_stays_and_the_cart_goes_with_who_has_none": """
            alter table merch_orders drop constraint "merch_orders_userId_fkey",
                add constraint "merch_orders_userId_fkey"
                foreign key ("userId") references users (id) on delete cascade""",
        "what_a_member_was_assigned_is_open_again_when_they_leave": """
            alter table inbox_items drop constraint "inbox_items_assignedToId_fkey",
                add constraint "inbox_items_assignedToId_fkey"
                foreign key ("assignedToId") references workspace_members (id) on delete cascade""",
        "an_account_that_is_disconnected_for_good_takes_its_inbox_along": """
            alter table inbox_items drop constraint "inbox_items_accountId_fkey" """,
        "a_voucher_is_redeemed_once_by_each_user": """
            alter table voucher_redemptions
                drop constraint "voucher_redemptions_voucherId_userId_key" """,
        "a_workspace_takes_its_work_along_and_leaves_its_people": """
            alter table social_accounts drop constraint "social_accounts_workspaceId_fkey" """,
        "what_was_ordered_stays_on_the_shelf_but_its_size_may_go": """
            alter table merch_order_items drop constraint "merch_order_items_variantId_fkey",
                add constraint "merch_order_items_variantId_fkey"
                foreign key ("variantId") references merch_variants (id) on delete cascade""",
        "an_automation_outlives_no_workspace_and_its_author_stays_with_it": """
            alter table workflow_run_logs
                drop constraint "workflow_run_logs_workflowRunId_fkey" """,
        "tokens_that_were_spent_are_explained_to_the_last_one": """
            alter table token_transactions drop constraint "token_transactions_userId_fkey" """,
    },
}


def suite(system: str) -> dict[str, Callable[[Database], None]]:
    module = import_module(f"suites.{system}.test_behaviour")
    return {
        name.removeprefix("test_"): test
        for name, test in vars(module).items()
        if name.startswith("test_")
    }


PLANTED = [
    pytest.param(system, name, fault, id=f"{system}-{name}")
    for system, faults in FAULTS.items()
    for name, fault in faults.items()
]


@pytest.mark.parametrize("system", FAULTS)
def test_every_story_has_a_fault(system: str):
    assert suite(system).keys() == FAULTS[system].keys()


@pytest.mark.parametrize(("system", "name", "fault"), PLANTED)
def test_a_fault_turns_it_red(system: str, name: str, fault: str, request: pytest.FixtureRequest):
    database = request.getfixturevalue(system)
    with database.connection.transaction():
        suite(system)[name](database)
        database.session.close()
        raise psycopg.Rollback
    database.connection.execute(fault.encode())
    # A refusal that was not expected is a red test as well.
    with pytest.raises((AssertionError, psycopg.Error, SQLAlchemyError)):
        suite(system)[name](database)
