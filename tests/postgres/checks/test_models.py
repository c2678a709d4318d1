"""What models say and their tables do not keep: found in `promised/bad.py`, not in `good.py`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pgassay.checks.ground import Ground, Relations
from pgassay.checks.registry import built_in
from pgassay.core.catalog import Catalog
from pgassay.core.check import Need
from pgassay.core.codec import decode
from pgassay.core.models import ModelFacts
from pgassay.core.route import Target
from pgassay.postgres.catalog import read_catalog
from pgassay.run.routes import target_of
from pgassay.sqla.metadata_route import MetadataRoute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from pgassay.checks.check import Problem
    from pgassay.postgres.servers import Server

    Connection = psycopg.Connection[tuple[object, ...]]

ROOT = Path(__file__).with_name("promised")
NOWHERE = Target(host="127.0.0.1", port=1, user="nobody", dbname="nothing")
ALONE = tuple(slug for slug, check in built_in().items() if check.need is Need.MODELS)
BESIDE = tuple(slug for slug, check in built_in().items() if check.need is Need.DEPLOYED)


@dataclass(frozen=True)
class Project:
    """Models, a database that they built, and what they say."""

    connection: Connection
    facts: ModelFacts
    url: str

    def problems(self, slugs: tuple[str, ...]) -> dict[str, list[Problem]]:
        """Return what each check finds, those that find nothing left out."""
        ground = Ground(
            relations=Relations(read_catalog(self.connection)), models=self.facts, live=True
        )
        found = {
            slug: list(built_in()[slug].find(replace(ground, options=built_in()[slug].options)))
            for slug in slugs
        }
        return {slug: problems for slug, problems in found.items() if problems}


def named(problems: dict[str, list[Problem]]) -> dict[str, list[str]]:
    return {slug: sorted(str(one.subject) for one in some) for slug, some in problems.items()}


def of(server: Server, name: str) -> Iterator[Project]:
    route = MetadataRoute(metadata=f"{name}:Base", root=ROOT)
    database = server.create_database(f"promised_{name}")
    target = target_of(server, database)
    names = [f"{name}:Base"]
    with route.open(target) as models:
        models.ask({"do": "create", "names": names, "extensions": ()})
        told = models.ask({"do": "promises", "names": names})
    with server.connect(database) as connection:
        yield Project(connection, decode(ModelFacts, told["facts"]), target.url("psycopg"))


@pytest.fixture(scope="module")
def bad(server_of: Callable[[int], Server]) -> Iterator[Project]:
    yield from of(server_of(18), "bad")


@pytest.fixture(scope="module")
def good(server_of: Callable[[int], Server]) -> Iterator[Project]:
    yield from of(server_of(18), "good")


def test_each_check_finds_its_fault_in_the_bad_models(bad: Project):
    assert named(bad.problems(ALONE)) == {
        "default_disagrees": ['"Shop"."User".isActive'],
        "default_in_orm_alone": ['"Shop"."User".state'],
        "enum_in_orm_alone": ['"Shop"."User".kind'],
        "model_key_not_unique": ['"Shop"."Reading"'],
        "one_to_one_not_unique": ['"Shop"."Profile".userId'],
        "onupdate_in_orm_alone": ['"Shop"."User".changedAt'],
        "orm_delete_alone": ['"Shop"."User".pets'],
        "orm_delete_against_database": ['"Shop"."User".files'],
        "orm_delete_blanks_foreign_key": [
            '"Shop"."User".half',
            '"Shop"."User".notes',
            '"Shop"."User".orders',
        ],
        "orm_delete_loads_rows": ['"Shop"."User".logs'],
        "passive_deletes_refused": ['"Shop"."User".keys', '"Shop"."User".tags'],
        "relationship_without_foreign_key": ['"Shop"."Visit".userId'],
        "relationship_without_index": ['"Shop"."Visit".userId'],
    }


def test_nothing_is_found_in_the_good_models(good: Project):
    assert good.problems(ALONE) == {}
    assert good.problems(BESIDE) == {}


def test_problems_say_where_the_class_is(bad: Project):
    (problem,) = bad.problems(("one_to_one_not_unique",))["one_to_one_not_unique"]
    assert problem.source is not None
    file, _, line = problem.source.partition(":")
    assert (ROOT / file).read_text().splitlines()[int(line) - 1].startswith("class User(")


def test_the_orm_does_what_is_said_of_it(bad: Project):
    """The claims of the pages, tried out: refused, left behind, deleted."""
    engine = create_engine(bad.url)
    insert = 'insert into "Shop"."{0}" ("userId") values ({1})'
    add = 'insert into "Shop"."User" (state, kind) values (\'x\', \'Ox\') returning "Id"'
    outcomes = {}
    with engine.connect() as connection:
        for child in ("Order", "Note", "File", "Key", "Half"):
            # In the process of the test, as an application has them.
            models = _models()
            with connection.begin() as transaction:
                user_id = connection.exec_driver_sql(add).scalar_one()
                connection.exec_driver_sql(insert.format(child, user_id))
                with Session(connection, join_transaction_mode="create_savepoint") as session:
                    user = session.get(models.User, user_id)
                    if child == "Half":
                        assert len(user.half) == 1
                    session.delete(user)
                    try:
                        session.commit()
                    except IntegrityError as error:
                        outcomes[child] = error.orig.sqlstate
                    else:
                        look = f'select "userId" from "Shop"."{child}"'
                        outcomes[child] = connection.exec_driver_sql(look).fetchall()
                transaction.rollback()
    engine.dispose()
    assert outcomes == {
        "Order": "23502",
        "Note": [(None,)],
        "File": [],
        "Key": "23503",
        "Half": "23502",
    }


def _models() -> Any:
    sys.path.insert(0, str(ROOT))
    try:
        return import_module("bad")
    finally:
        sys.path.remove(str(ROOT))


def test_fixes_run_and_mend(bad: Project):
    before = bad.problems(ALONE)
    mended = {slug: [p for p in some if p.fix] for slug, some in before.items()}
    assert sum(map(len, mended.values())) == 9
    with bad.connection.transaction(force_rollback=True):
        for problem in (one for some in mended.values() for one in some):
            bad.connection.execute(problem.fix.replace(" concurrently", "").encode())
        left = bad.problems(tuple(slug for slug, some in mended.items() if some))
    assert left == {}


CHANGES = {
    "model_enum": (
        """alter table "Shop"."User" alter mood type text;
        drop type "Shop"."Mood";
        create type "Shop"."Mood" as enum ('Wild');
        alter table "Shop"."User" alter mood type "Shop"."Mood" using null""",
        ['"Shop"."Mood"'],
    ),
    "model_index": ('drop index "Shop"."By user"', ['"Shop"."Profile".By user']),
    "model_length": ('alter table "Shop"."User" alter state type varchar(5)', ["state"]),
    "model_missing": (
        'drop table "Shop"."UserTags"; alter table "Shop"."User" drop "changedAt"',
        ['"Shop"."User".changedAt', '"Shop"."UserTags"'],
    ),
    "model_nullable": (
        'alter table "Shop"."User" alter kind drop not null, alter email set not null',
        ["email", "kind"],
    ),
    "model_server_default": ('alter table "Shop"."User" alter later drop default', ["later"]),
    "model_unique": (
        """drop index "Shop"."One living";
        alter table "Shop"."User" drop constraint "User_email_key";""",
        ['"Shop"."Profile".userId', '"Shop"."User".email'],
    ),
}


@pytest.mark.parametrize("slug", CHANGES)
def test_a_database_that_differs_from_its_models_is_found_out_and_mended(slug: str, good: Project):
    statements, subjects = CHANGES[slug]
    wanted = [s if s.startswith('"') else f'"Shop"."User".{s}' for s in subjects]
    with good.connection.transaction(force_rollback=True):
        good.connection.execute(statements.encode())
        found = good.problems(BESIDE)
        assert named(found) == {slug: wanted}
        fixes = [one.fix for one in found[slug] if one.fix]
        for fix in fixes:
            for statement in fix.splitlines():
                good.connection.execute(statement.encode())
        left = good.problems((slug,)).get(slug, [])
        assert len(left) == len(found[slug]) - len(fixes)
    assert set(CHANGES) == set(BESIDE)


def test_the_order_of_labels_and_labels_that_the_models_lack_are_found(good: Project):
    for labels, found in (("'Wild', 'Calm'", "the order is"), ("'Calm', 'Wild', 'Odd'", "lack")):
        change = f"""alter table "Shop"."User" alter mood type text;
            drop type "Shop"."Mood";
            create type "Shop"."Mood" as enum ({labels});
            alter table "Shop"."User" alter mood type "Shop"."Mood" using null"""
        with good.connection.transaction(force_rollback=True):
            good.connection.execute(change.encode())
            (problem,) = good.problems(("model_enum",))["model_enum"]
            assert found in problem.found
            assert problem.fix == ""


def test_models_that_nobody_imports_are_found(tmp_path: Path):
    package = tmp_path / "shop"
    files = {
        "__init__.py": "",
        "base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
        "models.py": f"from shop.base import Base\n{_TABLE.format('Order', 'Order')}",
        "billing/__init__.py": "",
        "billing/rows.py": f"from ..base import Base\n{_TABLE.format('Invoice', 'In Voice')}",
        "other.py": f"{_OWN}{_TABLE.format('Else', 'else')}",
        "broken.py": f"from shop.base import Base\nimport nowhere\n{_TABLE.format('X', 'x')}",
        "tests/test_it.py": f"from shop.base import Base\n{_TABLE.format('Y', 'y')}",
    }
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    facts = MetadataRoute(metadata="shop.models:Base", root=tmp_path).promises(NOWHERE)
    ground = Ground(relations=Relations(Catalog(major=18)), models=facts)
    (problem,) = built_in()["model_not_imported"].find(ground)
    assert str(problem.subject) == '"In Voice"'
    assert "shop.billing.rows" in problem.found
    assert problem.source == "shop/billing/rows.py"


def test_mappers_that_cannot_be_configured_are_found(tmp_path: Path):
    text = "from sqlalchemy.orm import relationship\n" + _OWN + _TABLE.format("Order", "order")
    (tmp_path / "shop.py").write_text(text + "    invoice = relationship('Invoice')\n")
    facts = MetadataRoute(metadata="shop:Base", root=tmp_path).promises(NOWHERE)
    ground = Ground(relations=Relations(Catalog(major=18)), models=facts)
    (problem,) = built_in()["mappers_not_configured"].find(ground)
    assert "'Invoice' failed to locate a name" in problem.found


_OWN = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n"
_TABLE = """
from sqlalchemy import Column, Integer
class {}(Base):
    __tablename__ = "{}"
    id = Column(Integer, primary_key=True)
"""
