"""The mapped classes write and remove what the tables allow, in one flush."""

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, pool, select, text
from sqlalchemy.orm import Session

from schema.creativeflow import (
    AIModel,
    AIModelValidationResult,
    AIModelVersion,
    Asset,
    CreditTransaction,
    GenerationRequest,
    Project,
    UsageLog,
    User,
    Workbench,
)
from tests.postgres.creativeflow.throwaway import NewDatabase, Server


@pytest.fixture
def session(server: Server, new_database: NewDatabase, head: str):
    engine = create_engine(server.engine_url(new_database(template=head)), poolclass=pool.NullPool)
    with Session(engine) as session:
        yield session


def asset(user: User, project: Project) -> Asset:
    return Asset(
        user=user,
        project=project,
        name="a",
        type="AIGenerated",
        file_path="f",
        mime_type="image/png",
        format="png",
        metadata_={"dpi": 300},
    )


def test_both_cycles_are_written_in_one_flush(session: Session):
    user = User(email="a@example.org")
    project = Project(user=user, workbench=Workbench(user=user, name="bench"), name="project")
    request = GenerationRequest(user=user, project=project, input_prompt="x")
    request.generated_assets = [asset(user, project), asset(user, project)]
    request.selected_sample, request.final_asset = request.generated_assets
    version = AIModelVersion(
        ai_model_parent=AIModel(name="m", provider="p", task_type="upscaling"), version_number="1"
    )
    version.validation_result = AIModelValidationResult(
        security_scan_status="Passed", functional_status="Passed"
    )
    version.accepted_validation_result = version.validation_result
    session.add_all([request, version])
    session.commit()
    session.expire_all()
    assert request.final_asset.final_generation_output_of is request
    assert request.selected_sample.generation_request_source is request
    assert project.user_id == project.workbench.user_id == user.id
    assert version.accepted_validation_result.model_version is version
    assert repr(user) == f"<User {(user.id,)}>"


def test_the_database_does_the_deleting(session: Session):
    user = User(email="a@example.org")
    Project(user=user, workbench=Workbench(user=user, name="bench"), name="project")
    session.add(user)
    session.commit()
    session.delete(user)
    session.commit()
    assert session.scalars(select(Project)).all() == []


def test_a_missing_json_value_is_sql_null_and_not_json_null(session: Session):
    session.add(User(email="a@example.org", ui_settings=None))
    session.flush()
    assert session.scalar(text("SELECT ui_settings IS NULL FROM users")) is True


def test_rows_of_partitioned_tables_come_back_with_their_whole_key(session: Session):
    user = User(email="a@example.org", credit_balance=Decimal("5.00"))
    bought = CreditTransaction(user=user, amount=Decimal("5.00"), action_type="purchase")
    log = UsageLog(user=user, action_type="open", timestamp=datetime(2026, 12, 1))  # noqa: DTZ001  # the column holds UTC without a zone
    session.add_all([bought, log])
    session.flush()
    assert (log.id, isinstance(bought.created_at, datetime)) == (1, True)
    assert session.get(UsageLog, (log.id, log.timestamp)) is log


def test_a_change_is_read_back_with_the_time_the_trigger_set(session: Session):
    user = User(email="a@example.org", updated_at=datetime(2001, 1, 1))  # noqa: DTZ001  # as above
    session.add(user)
    session.commit()
    user.full_name = "A"
    session.flush()
    assert user.updated_at > datetime(2026, 1, 1)  # noqa: DTZ001  # as above
