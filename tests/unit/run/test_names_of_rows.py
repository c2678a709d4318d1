"""The rule of names: what a row can be asked for by."""

from typing import Any

import pytest

from pgassay.core.catalog import Table
from pgassay.core.names import QualifiedName
from pgassay.run.testbed.naming import Names, UnknownName


def table(name: str, schema: str = "public") -> Table:
    return Table(name=QualifiedName(schema, name), columns=())


def named(*tables: Table, factories: dict[str, Table] | None = None, **classes: Table) -> Names:
    made: list[tuple[Any, Table]] = [
        (type(name, (), {}), table) for name, table in (factories or {}).items()
    ]
    mapped = {table.name: type(name, (), {}) for name, table in classes.items()}
    return Names("shop", tables, made, {t.name: f for f, t in made}, mapped)


USERS, BOXES, PEOPLE = table("users"), table("boxes"), table("people", "hr")


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("users", USERS),
        ("user", USERS),
        ("public.users", USERS),
        ("box", BOXES),
        ("people", PEOPLE),
        ("person", PEOPLE),
        ("hr.people", PEOPLE),
    ],
)
def test_a_table_goes_by_its_name_and_by_its_singular(name: str, want: Table):
    assert named(USERS, BOXES, PEOPLE)[name].table is want


def test_a_factory_and_a_class_go_by_their_names_in_snake_case():
    found = named(USERS, BOXES, factories={"APIClientFactory": USERS}, AIModelVersion=BOXES)
    assert found["api_client"].table is USERS
    assert found["api_client"].factory.__name__ == "APIClientFactory"
    assert found["user"].factory.__name__ == "APIClientFactory"
    assert found["ai_model_version"].table is BOXES
    assert found["ai_model_version"].factory is None


def test_a_factorys_name_is_hidden_by_no_table():
    found = named(USERS, table("box"), factories={"BoxFactory": USERS})
    assert found["box"].table is USERS
    assert found["public.box"].table.name.name == "box"


def test_a_variant_goes_by_its_own_name():
    found = named(USERS, factories={"UserFactory": USERS, "LargeUserFactory": USERS})
    assert found["user"].factory.__name__ == "UserFactory"
    assert found["large_user"].factory.__name__ == "LargeUserFactory"


def test_a_name_of_two_tables_is_nobodys_but_their_own_names_are():
    found = named(table("orders"), table("order", "archive"), table("orders", "archive"))
    assert found["order"].table.name == QualifiedName("archive", "order")
    with pytest.raises(UnknownName) as refused:
        named(table("orders", "a"), table("orders", "b"))["orders"]
    told = str(refused.value)
    assert '"orders" may be a.orders or b.orders' in told
    assert 'make("a.orders", …)' in told
    assert named(table("orders", "a"), table("orders", "b"))["b.orders"].table.name.schema == "b"


def test_what_is_no_word_goes_by_the_tables_own_name():
    odd = table('a"b')
    assert named(odd)['a"b'].table is odd


def test_nothing_is_called_so_and_the_near_miss_is_told():
    with pytest.raises(UnknownName) as refused:
        named(USERS)["usr"]
    assert 'did you mean "user"' in str(refused.value)
    assert isinstance(refused.value, AttributeError)
