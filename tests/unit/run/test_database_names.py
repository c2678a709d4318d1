"""Names of databases that are gone are given again, those aside apart from the others."""

from pgassay.run.database_names import DatabaseNames


def test_the_first_name_that_is_free_is_given() -> None:
    names = DatabaseNames("shop")
    first, second, third = (names.made(str) for _ in range(3))

    names.dropped(second)
    names.dropped(first)

    assert len({first, second, third}) == 3
    assert [names.made(str), names.made(str)] == [first, second]


def test_databases_aside_have_names_of_their_own() -> None:
    names = DatabaseNames("shop")

    aside = names.made(str, aside=True)
    other = names.made(str)
    names.dropped(aside)

    assert aside != other
    assert names.made(str) not in {aside, other}
    assert names.made(str, aside=True) == aside


def test_a_server_that_chooses_the_name_itself_is_understood() -> None:
    names = DatabaseNames("shop")
    wanted: list[str] = []

    def create(name: str) -> str:
        wanted.append(name)
        return f"prefix_{name}"

    real = names.made(create)

    assert names.wanted(real) == wanted[0]
    names.dropped(real)
    assert names.made(create) == real


def test_two_of_them_never_give_the_same_name() -> None:
    assert DatabaseNames("shop").made(str) != DatabaseNames("shop").made(str)


def test_what_was_not_given_is_not_taken_back() -> None:
    names = DatabaseNames("shop")
    first = names.made(str)

    names.dropped("somebody_else")

    assert names.made(str) != first
