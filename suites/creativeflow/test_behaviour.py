"""What the product relies on in the database, told as stories over several tables.

Derived cases take one promise at a time; here several have to work together.
"""

from sqlalchemy import func, select

from pgassay.testing import Database
from schema.creativeflow import Asset, GenerationResult, Project, TeamMember


def test_an_account_with_a_team_cannot_go_until_the_team_is_handed_over(creativeflow: Database):
    leaving = creativeflow.user(soft_deleted=True)
    team = creativeflow.team(owner=leaving, members=5)
    session = creativeflow.session

    with creativeflow.refused("fk_teams_owner_id"):
        session.delete(leaving)
        session.flush()

    team.owner = creativeflow.user(verified=True)
    session.flush()
    session.delete(leaving)
    session.flush()
    assert session.scalar(select(func.count()).select_from(TeamMember)) == 5


def test_a_workbench_that_is_handed_over_takes_its_projects_along(creativeflow: Database):
    workbench = creativeflow.workbench()
    projects = creativeflow.project.batch(3, workbench=workbench)
    elsewhere = creativeflow.project()
    new_owner = creativeflow.user()

    workbench.user = new_owner
    creativeflow.session.commit()

    assert {project.user for project in projects} == {new_owner}
    assert elsewhere.user is not new_owner


def test_a_project_that_is_deleted_leaves_the_history_of_its_requests(creativeflow: Database):
    request = creativeflow.generation_request(finished=True, in_project=True)
    draft = creativeflow.asset(project=request.project).id
    session = creativeflow.session
    chosen = request.final_asset

    session.delete(request.project)
    session.commit()

    assert request.project is None
    assert session.get(Asset, chosen.id) is chosen
    assert session.scalar(select(func.count()).select_from(GenerationResult)) == 4
    assert session.scalar(select(Asset).where(Asset.id == draft)) is None


def test_a_finished_request_survives_the_loss_of_its_asset(creativeflow: Database):
    request = creativeflow.generation_request(finished=True)
    session = creativeflow.session

    session.delete(request.final_asset)
    session.commit()

    assert (request.selected_sample, request.final_asset) == (None, None)
    assert len(request.results) == 3


def test_a_release_goes_live_on_its_own_validation_only(creativeflow: Database):
    passed = creativeflow.ai_model_validation_result(passed=True)
    rejected = creativeflow.ai_model_version(rejected=True)

    with creativeflow.refused("fk_ai_model_versions_validation_result_id_id"):
        rejected.validation_result_id = passed.id
        creativeflow.session.flush()


def test_one_default_brand_kit_for_a_user_and_one_for_each_team(creativeflow: Database):
    own = creativeflow.brand_kit(default=True)
    team = creativeflow.team(owner=own.user)
    creativeflow.brand_kit(default=True, user=own.user, team=team)
    spare = creativeflow.brand_kit(user=own.user)

    with creativeflow.refused("idx_brandkit_userid_default_unique"):
        spare.is_default = True
        creativeflow.session.flush()


def test_a_template_that_goes_leaves_the_projects_that_began_with_it(creativeflow: Database):
    project = creativeflow.project(from_own_template=True)
    assert project.template.user_creator is project.user

    creativeflow.session.delete(project.template)
    creativeflow.session.commit()

    assert project.template is None
    assert creativeflow.session.get(Project, project.id) is project


def test_the_time_of_a_change_is_the_databases_own(creativeflow: Database):
    user = creativeflow.user()
    written = user.updated_at

    creativeflow.connection.execute("update users set full_name = full_name")
    creativeflow.session.expire_all()
    assert user.updated_at == written

    user.full_name = "Somebody Else"
    user.updated_at = written
    creativeflow.session.commit()
    assert user.updated_at > written
