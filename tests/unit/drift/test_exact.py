"""The exact comparison: what drift forgives counts, the order of columns does not."""

from dataclasses import replace

from pgassay.core.catalog import Catalog, Column, ColumnType, Index, IndexKey, Table
from pgassay.core.names import QualifiedName
from pgassay.drift.exact import catalog_digest, exact_differences

TEXT = ColumnType(sql="text", name=QualifiedName("pg_catalog", "text"), base="text")


def column(name: str, position: int, **more: object) -> Column:
    return Column(name=name, position=position, type=TEXT, **more)  # type: ignore[arg-type]  # of tests


def table(*columns: Column, **more: object) -> Table:
    return Table(name=QualifiedName("Odd", "T"), columns=columns, **more)  # type: ignore[arg-type]  # as above


def catalog(one: Table) -> Catalog:
    return Catalog(major=18, tables=(one,))


A, B = column("a", 1), column("b", 2)


def told(one: Catalog, other: Catalog) -> list[str]:
    assert (catalog_digest(one) == catalog_digest(other)) == (not exact_differences(one, other))
    return [str(difference) for difference in exact_differences(one, other)]


def test_a_column_that_comes_back_at_the_end_is_no_difference():
    assert told(catalog(table(A, B)), catalog(table(column("b", 1), column("a", 2)))) == []


def test_what_is_gone_new_or_changed_is_told_with_its_place():
    before = catalog(table(A, B))
    after = catalog(table(replace(A, not_null=True), column("c", 2)))
    lines = told(before, after)
    assert lines[0].startswith('table "Odd"."T", column a: ')
    assert lines[0].endswith("was False, and is True")
    assert lines[1:] == ['table "Odd"."T", column b is gone', 'table "Odd"."T", column c is new']


def test_the_name_of_an_index_counts_even_if_postgres_made_it_up():
    def index(name: str) -> Index:
        return Index(name=name, method="btree", keys=(IndexKey(column="a"),), definition="x")

    one = catalog(table(A, indexes=(index("T_a_idx"),)))
    other = catalog(table(A, indexes=(index("T_a_idx1"),)))
    assert told(one, other) == [
        'table "Odd"."T", index "T_a_idx" is gone',
        'table "Odd"."T", index "T_a_idx1" is new',
    ]


def test_only_two_texts_of_one_expression_may_mean_the_same():
    one, other, none = (
        catalog(table(replace(A, default=default))) for default in ("'x'::text", "'x'", None)
    )
    assert [difference.textual for difference in exact_differences(one, other)] == [True]
    assert [difference.textual for difference in exact_differences(one, none)] == [False]
