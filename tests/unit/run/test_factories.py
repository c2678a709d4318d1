"""A team's factories become sources of rows, or an error that says what to do."""

import random
import sys
import textwrap
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factory.random import randgen

from pgassay.core.catalog import Catalog, Column, ColumnType, EnumType, Table, TypeKind
from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.run.factories import FactorySource, row_sources

HEAD = """
    import enum
    import factory
    import factory.fuzzy
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

    class Base(DeclarativeBase): pass

    class Team(Base):
        __tablename__ = "team"
        id: Mapped[int] = mapped_column(primary_key=True)
        label: Mapped[str] = mapped_column("Name")

    class Person(Base):
        __tablename__ = "person"
        __table_args__ = {"schema": "hr"}
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str]
        mood: Mapped[str]
        team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
        team: Mapped[Team] = relationship()

    class Mood(enum.Enum):
        SAD = "so sad"
"""


def column(name: str, position: int, base: str = "text", kind: TypeKind = TypeKind.BASE) -> Column:
    schema = "public" if kind is TypeKind.ENUM else "pg_catalog"
    type_ = ColumnType(sql=base, name=QualifiedName(schema, base), base=base, kind=kind)
    return Column(name=name, position=position, type=type_)


CONTRACT = Catalog(
    major=18,
    enums=(EnumType(name=QualifiedName("public", "mood"), labels=("SAD",)),),
    tables=(
        Table(
            name=QualifiedName("public", "team"),
            columns=(column("id", 1, "int4"), column("Name", 2)),
        ),
        Table(
            name=QualifiedName("hr", "person"),
            columns=(
                column("id", 1, "int4"),
                column("email", 2),
                column("mood", 3, "mood", TypeKind.ENUM),
                column("team_id", 4, "int4"),
            ),
        ),
    ),
)
TEAM = QualifiedName("public", "team")
PERSON = QualifiedName("hr", "person")
Sources = Callable[..., dict[QualifiedName, FactorySource]]


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    made: list[str] = []

    def read(body: str, *, seed: int = 0) -> dict[QualifiedName, FactorySource]:
        name = f"factories_{uuid.uuid4().hex}"
        made.append(name)
        text = textwrap.dedent(HEAD) + textwrap.dedent(body)
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        return dict(row_sources(name, CONTRACT, root=tmp_path, seed=seed))

    yield read
    for name in made:
        sys.modules.pop(name, None)


def test_columns_get_their_names_and_relationships_are_left_to_the_engine(sources: Sources):
    found = sources("""
        class TeamFactory(factory.Factory):
            class Meta: model = Team
            label = "core"

        class PersonFactory(factory.Factory):
            class Meta: model = Person
            team = factory.SubFactory(TeamFactory)
            email = factory.LazyAttributeSequence(lambda o, n: f"{n}@{o.team.label}")
            mood = Mood.SAD
    """)
    assert found[TEAM](0) == {"Name": "core"}
    assert found[PERSON](7) == {"email": "7@core", "mood": "SAD"}


def test_a_factory_of_dicts_names_its_table(sources: Sources):
    found = sources("""
        class PersonFactory(factory.DictFactory):
            __tablename__, __schema__ = "person", "hr"
            email = factory.Sequence(str)
    """)
    assert found[PERSON](3) == {"email": "3"}


def test_a_session_is_never_asked_for_and_no_hook_runs(sources: Sources):
    found = sources("""
        class TeamFactory(factory.alchemy.SQLAlchemyModelFactory):
            class Meta:
                model = Team
                sqlalchemy_session_factory = lambda: 1 / 0
            label = "core"

            @factory.post_generation
            def members(self, create, extracted): raise RuntimeError

            @classmethod
            def _build(cls, model, **values): raise RuntimeError
    """)
    assert found[TEAM](0) == {"Name": "core"}


DRAWN = """
    class TeamFactory(factory.Factory):
        class Meta: model = Team
        label = factory.Faker("name")

    class PersonFactory(factory.Factory):
        class Meta: model = Person
        email = factory.fuzzy.FuzzyText(length=20)
"""


def test_a_row_depends_on_seed_table_and_number_alone(sources: Sources):
    one, other = sources(DRAWN), sources(DRAWN)
    backwards = [other[table](n) for n in (2, 1, 0) for table in (PERSON, TEAM)][::-1]
    assert [one[table](n) for n in (0, 1, 2) for table in (TEAM, PERSON)] == backwards
    assert one[PERSON](0) != one[PERSON](1)
    assert sources(DRAWN, seed=1)[PERSON](0) != one[PERSON](0)


def test_whoever_else_draws_at_random_goes_on_as_before(sources: Sources):
    found = sources(DRAWN)
    randgen.seed(5)
    expected = random.Random(5).random()
    found[PERSON](0)
    assert randgen.random() == expected


def test_variants_and_abstract_factories_are_left_aside(sources: Sources):
    found = sources("""
        class AnyFactory(factory.Factory):
            class Meta: abstract = True

        class TeamFactory(AnyFactory):
            class Meta: model = Team
            label = "core"

        class LargeTeamFactory(TeamFactory):
            label = "large"
    """)
    assert {table: source(0) for table, source in found.items()} == {TEAM: {"Name": "core"}}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("import no_such_module", "does not import: ModuleNotFoundError"),
        ("", "has no factory"),
        ("class F(factory.DictFactory): a = 1", "F is for no table"),
        (
            'class F(factory.DictFactory):\n    __tablename__ = "teem"',
            'did you mean "team"',
        ),
        (
            """
                class F(factory.Factory):
                    class Meta: model = Team
                class G(factory.Factory):
                    class Meta: model = Team
            """,
            "F and G both describe team",
        ),
    ],
)
def test_a_module_that_cannot_be_used_says_why(sources: Sources, body: str, told: str):
    with pytest.raises(ConfigError) as refused:
        sources(body)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ("lable = 1", 'team has no column "lable"'),
        ("lable = 1", 'did you mean "label"'),
        ("label = factory.LazyFunction(lambda: 1 / 0)", "ZeroDivisionError"),
        ("label = factory.LazyFunction(object)", "team.Name"),
    ],
)
def test_a_factory_that_cannot_be_used_says_why(sources: Sources, declared: str, told: str):
    found = sources(f"class F(factory.Factory):\n    class Meta: model = Team\n    {declared}")
    with pytest.raises(ConfigError) as refused:
        found[TEAM](0)
    assert told in str(refused.value)
