"""The data dictionary: what it says of a catalog, and that whatever is in it is shown as text."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from pgassay.core.catalog import (
    Action,
    Catalog,
    Constraint,
    ConstraintKind,
    Domain,
    EnumType,
    Partition,
    PartitionKey,
    PartitionStrategy,
    Policy,
    Table,
    Trigger,
    View,
)
from pgassay.core.config import PartitionRule
from pgassay.erd.dictionary import write_dictionary
from pgassay.erd.page import is_page, is_page_of, page
from pgassay.erd.parts import Part
from tests.unit.erd.catalogs import catalog, index, public, table, type_of
from tests.unit.erd.test_pictures import NAMES

OURS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "ul", "li",
    "a", "code", "strong", "div", "table", "thead", "tbody", "tr", "th", "td", "pre",
}  # fmt: skip
HOSTILE_TEXTS = (
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "a | b || c",
    "`code` ``more`` ```",
    "[link](javascript:alert(1)) ![image](x)",
    "**bold** _slanted_ ~~gone~~",
    "- list",
    "1. list",
    "# heading",
    "> quote",
    "--- a rule",
    "&lt;b&gt; &amp;",
    "back\\slash \\| \\`",
    "$x$ of $$y$$",
    "two\n\nparagraphs",
    "<!-- comment -->",
    "Größe 日本 😀",
)


class Page(HTMLParser):
    """The tags, the names and targets of links, and the texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: list[str] = []
        self.links: set[str] = set()
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.names += [given["id"] or ""] if "id" in given else []
        self.links |= {unquote(given["href"] or "")} if "href" in given else set()
        if tag in ("td", "th", "p", "h1", "h2", "h3", "li"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def words(text: str) -> str:
    return " ".join(text.replace("\x01", "\N{REPLACEMENT CHARACTER}").split())


@pytest.fixture(scope="module")
def hostile() -> Page:
    tables = []
    for number, text in enumerate((*NAMES, *HOSTILE_TEXTS)):
        name = text[:63] if text.strip() else "spaces"
        made = table(name, f"{name} int", f"n{number} int", primary=name)
        column = replace(made.columns[0], comment=text, default=f"'{text}'::text")
        tables.append(replace(made, comment=text, columns=(column, *made.columns[1:])))
    labels = (*NAMES, *HOSTILE_TEXTS)
    everything = catalog(*tables, **{"<b>": labels})
    return Page(page(write_dictionary("<shop>", everything, [
        Part(title="<i>|`", about="<u>", tables=frozenset([tables[0].name]))
    ])))  # fmt: skip


def test_a_page_holds_no_tag_but_its_own(hostile: Page) -> None:
    assert hostile.tags == OURS - {"pre"}


def test_names_and_comments_are_shown_as_they_are(hostile: Page) -> None:
    cells = [words(cell) for cell in hostile.cells]
    for text in (*NAMES, *HOSTILE_TEXTS):
        assert words(text) in cells
        assert words(f"'{text}'::text") in cells
    assert words("<i>|`") in cells
    assert words("<u>") in cells


def test_every_link_leads_somewhere(hostile: Page) -> None:
    assert len(hostile.names) == len(set(hostile.names))
    assert len(hostile.links) > len(NAMES)
    assert hostile.links <= {f"#{name}" for name in hostile.names}


def text_of(*tables: Table, rules: tuple[PartitionRule, ...] = (), **enums: tuple[str, ...]) -> str:
    return write_dictionary("shop", catalog(*tables, **enums), rules=rules)


def entry(text: str, name: str) -> str:
    """The part of a dictionary beneath the heading of a table."""
    return text.split(f"### {name}\n")[1].split("\n#", maxsplit=1)[0]


def test_columns_are_told_with_keys_types_nulls_defaults_and_comments() -> None:
    users = table("users", "id int", "mail varchar(80)", "nick text?", unique=["mail"])
    nick = replace(users.columns[2], default="'x'::text", comment="What friends say.")
    told = entry(text_of(replace(users, columns=(*users.columns[:2], nick))), "users")
    assert "| Column | Type | Keys | Null | Default | Meaning |" in told
    assert "| `id` | `integer` | PK |  |  |  |" in told
    assert "| `mail` | `character varying(80)` | UK |  |  |  |" in told
    assert "| `nick` | `text` |  | null | `'x'::text` | What friends say. |" in told


def test_what_fills_a_column_is_told() -> None:
    made = table("t", "id int", "twice int")
    columns = (
        replace(made.columns[0], identity="ALWAYS"),
        replace(made.columns[1], generated="(id * 2)"),
    )
    told = entry(text_of(replace(made, columns=columns)), "t")
    assert "identity, ALWAYS" in told
    assert "generated: `(id * 2)`" in told


def test_a_reference_is_told_at_both_its_ends() -> None:
    users = table("users", "id int")
    orders = table("orders", "id int", "user_id int", keys=["user_id -> users"])
    constraints = tuple(
        replace(one, on_delete=Action.SET_NULL, deferrable=True, initially_deferred=True,
                referenced_columns=("id",))
        if one.kind is ConstraintKind.FOREIGN_KEY else one
        for one in orders.constraints
    )  # fmt: skip
    text = text_of(users, replace(orders, constraints=constraints))
    assert (
        "- `user_id` → [`users`](#users) (`id`), ON DELETE SET NULL, INITIALLY DEFERRED, "
        "`orders_user_id_fkey`" in entry(text, "orders")
    )
    assert (
        "**Referred to by**\n\n- [`orders`](#orders) (`user_id`), ON DELETE SET NULL, "
        "INITIALLY DEFERRED" in entry(text, "users")
    )
    assert "Refers to" not in entry(text, "users")


def test_enum_values_are_listed_at_the_column_and_beneath_the_type() -> None:
    many = tuple(f"label {number}" for number in range(20))
    orders = table("orders", "id int", "state state", "more much[]", enums=["state", "much"])
    text = text_of(orders, state=("open", "sent"), much=many)
    told = entry(text, "orders")
    assert "| `state` | [`state`](#state) |  | One of `open`, `sent`. |" in told
    assert "[`much[]`](#much)" in told
    assert "`label 11` and 8 more." in told
    assert "`label 19`" in entry(text, "much")
    assert "Used by [`orders`](#orders) (`state`)." in entry(text, "state")


def test_keys_checks_and_indexes_are_told_once() -> None:
    made = table("t", "id int", "a text", unique=["a"])
    check = Constraint(name="positive", kind=ConstraintKind.CHECK, definition="CHECK ((id > 0))")
    owned = replace(index("pkey", ["id"]), constraint="pkey")
    own = replace(
        index("unique a", ["a"]),
        definition='CREATE UNIQUE INDEX "unique a" ON public.t USING btree (a)',
    )
    told = entry(text_of(replace(made, constraints=(*made.constraints, check),
                                 indexes=(owned, own))), "t")  # fmt: skip
    assert "- `pkey`: `PRIMARY KEY (id)`" in told
    assert "- `positive`: `CHECK ((id > 0))`" in told
    assert "- `unique a`: unique, `btree (a)`" in told
    assert told.count("pkey") == 1


def test_partitions_are_told_by_key_by_rule_and_by_bound() -> None:
    key = PartitionKey(strategy=PartitionStrategy.RANGE, columns=("at",), definition="RANGE (at)")
    logs = replace(table("logs", "at date", primary=""), partition_key=key)
    rest = replace(logs, name=public("logs_rest"), partition_key=None,
                   partition=Partition(parent=public("logs"), bound="DEFAULT"))  # fmt: skip
    rule = PartitionRule(table=public("logs"), every="month", ahead=3)
    text = text_of(logs, rest, rules=(rule,))
    told = entry(text, "logs")
    assert "Partitioned by `RANGE (at)`." in told
    assert "- one for every month, 3 ahead\n- `logs_rest`: `DEFAULT`" in told
    assert "### logs\\_rest" not in text
    assert "### logs_rest" not in text


def test_triggers_and_policies_are_told() -> None:
    trigger = Trigger(name="stamp", definition="…", function=public("set_now"), timing="BEFORE",
                      events=("INSERT", "UPDATE"), for_each_row=True)  # fmt: skip
    policy = Policy(name="own rows", command="SELECT")
    made = replace(table("t", "id int"), triggers=(trigger, replace(trigger, name="copy",
                   inherited=True)), policies=(policy,), row_security=True)  # fmt: skip
    told = entry(text_of(made), "t")
    assert "- `stamp`: BEFORE INSERT OR UPDATE for each row, `set_now`" in told
    assert "copy" not in told
    assert "- `own rows`: SELECT for `PUBLIC`" in told
    assert "Row-level security is on." in told


def test_views_and_domains_have_entries() -> None:
    kind = type_of("text")
    mail = Domain(name=public("mail"), type=kind, not_null=True, comment="An address.",
                  constraints=(Constraint(name="at", kind=ConstraintKind.CHECK,
                                          definition="CHECK ((VALUE ~ '@'::text))"),))  # fmt: skip
    columns = table("v", "id int?").columns
    view = View(name=public("v"), definition=" SELECT '```' AS id;", columns=columns,
                materialised=True)  # fmt: skip
    text = write_dictionary("shop", Catalog(major=18, domains=(mail,), views=(view,)))
    assert "`text`, never null." in entry(text, "mail")
    assert "- `at`: `CHECK ((VALUE ~ '@'::text))`" in entry(text, "mail")
    assert "Materialised." in entry(text, "v")
    assert "````sql\n SELECT '```' AS id;\n````" in entry(text, "v")


def test_a_page_knows_the_dictionary_that_it_was_made_from() -> None:
    one, other = text_of(table("a", "id int")), text_of(table("b", "id int"))
    made = page(one)
    assert is_page_of(made, one)
    assert not is_page_of(made, other)
    assert is_page(made)
    assert not is_page("<html></html>")
    assert "Written by" not in made


def test_types_are_called_as_sql_does() -> None:
    enum = EnumType(name=public("State"), labels=("a",))
    told = write_dictionary("shop", Catalog(major=18, enums=(enum,)))
    assert "### State" in told
