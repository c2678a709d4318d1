"""What a database fixture makes of what it is asked for."""

from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from factories.creativeflow import TeamFactory
from pgassay.core.errors import ConfigError
from pgassay.run.testbed.naming import UnknownName
from pgassay.run.testbed.refusal import RefusedRow
from pgassay.testing import Database
from schema.creativeflow import Team, TeamMember, User


def users(database: Database) -> int:
    return database.session.scalar(select(func.count()).select_from(User)) or 0


def refuse(database: Database, statement: str) -> None:
    with database.refused("fk_other"):
        database.connection.execute(statement.encode())


def test_traits_and_numbers_mean_what_they_say(creativeflow: Database):
    assert creativeflow.user(pro=True).subscription_tier == "Pro"
    assert creativeflow.user(soft_deleted=True).deleted_at is not None
    team = creativeflow.team(members=5, members__role="Editor")
    assert [member.role for member in team.members] == ["Editor"] * 5
    assert len({member.user_id for member in team.members} | {team.owner_id}) == 6
    finished = creativeflow.generation_request(finished=True)
    assert len(finished.results) == 4
    assert finished.selected_sample.generation_request_source is finished
    assert creativeflow.template(system=True).user_id is None
    assert creativeflow.template(private=True).user_creator is not None
    live = creativeflow.ai_model_version(deployed=True)
    assert live.accepted_validation_result is live.validation_result
    assert creativeflow.subscription(expired=True).status == "Expired"


def test_one_call_is_one_family(creativeflow: Database):
    project = creativeflow.project()
    assert project.user is project.workbench.user
    assert users(creativeflow) == 1
    asset = creativeflow.asset(project=project)
    assert asset.user is project.user
    assert users(creativeflow) == 1


def test_two_calls_share_nothing(creativeflow: Database):
    one, other = creativeflow.project.batch(2)
    assert one.workbench is not other.workbench
    assert users(creativeflow) == 2


def test_parents_are_described_by_what_they_hold(creativeflow: Database):
    project = creativeflow.project(workbench__name="Shelf", user__full_name="Ann")
    assert project.workbench.name == "Shelf"
    assert project.workbench.user is project.user
    assert project.user.full_name == "Ann"
    assert users(creativeflow) == 1
    ann = project.user
    assert creativeflow.asset(project__name="Second", user=ann).project.user is ann


def test_an_optional_reference_is_filled_for_the_asking(creativeflow: Database):
    kit = creativeflow.brand_kit()
    assert creativeflow.workbench().default_brand_kit is None
    own = creativeflow.workbench(default_brand_kit=True)
    assert own.default_brand_kit.user is own.user
    assert own.default_brand_kit is not kit
    assert creativeflow.workbench(default_brand_kit=kit).user is kit.user


def test_a_reference_by_value_is_met_by_the_row_that_is_there_or_by_a_new_one(
    creativeflow: Database,
):
    ann = creativeflow.user()
    assert creativeflow.team(owner_id=ann.id).owner is ann
    key = uuid4()
    assert creativeflow.team(owner_id=key).owner.id == key


def test_a_member_who_is_taken_is_not_taken_again(creativeflow: Database):
    team = creativeflow.team()
    creativeflow.connection.execute("alter table team_members alter role set default 'Viewer'")
    kind = creativeflow._blueprint.names["team_members"]
    made = [
        creativeflow._placing.make(type(kind)(kind.table), {"team": team}, "derived")
        for _ in range(3)
    ]
    assert len({member.user_id for member in made}) == 3


def test_rows_go_by_class_by_factory_and_by_name(creativeflow: Database):
    made = [creativeflow.make(wanted) for wanted in ("teams", "team", Team, TeamFactory)]
    assert {type(team) for team in made} == {Team}
    session = creativeflow.make("session", expired=True)
    assert session.expires_at < creativeflow.make("sessions").expires_at


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda d: d.usr, 'did you mean "user"'),
        (lambda d: d.make(str), 'no table or factory is called "str"'),
        (lambda d: d.user(emial="x"), 'did you mean "email"'),
        (lambda d: d.user(prooo=True), "traits are enterprise, free, local, out_of_credits, pro"),
        (lambda d: d.user(teams=[]), 'users takes no "teams"'),
        (lambda d: d.user(brand_kits=[]), "make this row first"),
        (lambda d: d.team(owner="Ann"), "owner is given a str"),
        (lambda d: d.team(owner=d.team()), "owner is given a teams"),
        (lambda d: d.team(owner=User()), "is not in the database"),
        (lambda d: d.team(owner=d.user(), owner__email="x"), "described as well"),
        (lambda d: d.project(user=d.user(), workbench=d.workbench()), "rows that belong together"),
        (lambda d: d.user(credit_balance=object()), "credit_balance: <object"),
        (lambda d: d.session(), 'make("session", …)'),
        (lambda d: d.connection(), 'make("connection", …)'),
        (lambda d: d.connection.commit(), "end the transaction"),
        (lambda d: d.connection.rollback(), "end the transaction"),
        (lambda d: d.user.batchh(3), "'batchh'"),
    ],
)
def test_what_cannot_be_done_is_said(
    creativeflow: Database, ask: Callable[[Database], object], told: str
):
    with pytest.raises((ConfigError, AttributeError)) as refused:
        ask(creativeflow)
    assert told in str(refused.value)


def test_no_name_is_an_attribute_error(creativeflow: Database):
    assert not hasattr(creativeflow, "usr")
    with pytest.raises(UnknownName):
        creativeflow.make("usr")


def test_a_row_that_contradicts_a_check_says_which_value_and_who_wanted_it(
    creativeflow: Database,
):
    with pytest.raises(RefusedRow) as refused:
        creativeflow.user(credit_balance=-1)
    assert refused.value.constraint == "ck_users_credit_balance"
    told = str(refused.value)
    assert "creativeflow.user(credit_balance=-1)" in told
    assert "the row was to have credit_balance = '-1'" in told
    assert creativeflow.user().id


def test_a_row_that_the_server_refuses_leaves_the_transaction_usable(creativeflow: Database):
    ann = creativeflow.user()
    with pytest.raises(RefusedRow) as refused:
        creativeflow.user(email=ann.email)
    assert (refused.value.sqlstate, refused.value.constraint) == ("23505", "uq_user_email")
    with pytest.raises(RefusedRow) as refused:
        creativeflow.user(email=None)
    assert refused.value.sqlstate == "23502"
    assert "a value for email" in str(refused.value)
    assert users(creativeflow) == 1


def test_what_is_refused_is_as_if_it_had_not_been_tried(creativeflow: Database):
    team = creativeflow.team(members=2)
    with creativeflow.refused("fk_teams_owner_id"):
        creativeflow.session.delete(team.owner)
        creativeflow.session.flush()
    with creativeflow.refused(sqlstate="23514"):
        creativeflow.connection.execute("update users set credit_balance = -1")
    assert len(team.members) == 2
    with pytest.raises(AssertionError, match="the server accepted it"):
        refuse(creativeflow, "update users set credit_balance = 1")
    with pytest.raises(AssertionError, match="another reason than fk_other: 23514"):
        refuse(creativeflow, "update users set credit_balance = -1")
    assert creativeflow.session.scalar(select(func.min(User.credit_balance))) == 1
    with pytest.raises(ZeroDivisionError), creativeflow.refused():
        _ = 1 / 0


def test_a_session_commits_and_rolls_back_as_in_production(creativeflow: Database):
    session = creativeflow.session
    ann = creativeflow.user()
    session.add(TeamMember(team=creativeflow.team(), user=ann, role="Viewer"))
    session.commit()
    session.add(TeamMember(team_id=uuid4(), user=ann, role="Viewer"))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert users(creativeflow) == 2
    assert session.scalar(select(func.count()).select_from(TeamMember)) == 1


def test_after_a_refusal_that_nobody_expected_the_way_out_is_told(creativeflow: Database):
    creativeflow.user()
    with pytest.raises(psycopg.errors.CheckViolation):
        creativeflow.connection.execute("update users set credit_balance = -1")
    with pytest.raises(ConfigError) as refused:
        creativeflow.user()
    assert "an earlier statement was refused" in str(refused.value)


def test_each_test_begins_with_nothing(creativeflow: Database):
    assert users(creativeflow) == 0
    assert creativeflow.user().email == "user000000@example.org"


def test_more_rows_than_numbers_that_a_family_keeps_apart(creativeflow: Database):
    placing = creativeflow._placing
    numbers = [placing.next_number() for _ in range(2001)]
    assert len(set(numbers)) == 2001
    assert {numbers[0] % 1000, numbers[1000] % 1000, numbers[2000] % 1000} == {0}
    assert numbers[1000] >= 1000 * 1000


def test_the_statements_repeat_the_rows(creativeflow: Database):
    creativeflow.team(members=2)
    script = "\n".join(statement.script() for statement in creativeflow.statements)
    counted = "select count(*) from team_members"
    assert creativeflow.connection.execute(counted).fetchone() == (2,)
    creativeflow.session.close()
    creativeflow.connection.execute("truncate teams, users cascade")
    creativeflow.connection.execute(script.encode())
    assert creativeflow.connection.execute(counted).fetchone() == (2,)


def test_names_and_traits_can_be_listed(creativeflow: Database):
    assert {"user", "teams", "session", "make", "refused"} <= set(dir(creativeflow))
    assert "pro" in creativeflow.user.traits
    assert creativeflow.make.__name__ == "make"
