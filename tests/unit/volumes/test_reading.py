"""Profiles: what is read of them, and what is said of those that cannot be.

`profiles/invalid/*.toml` must be refused with exactly the message beside it (`*.txt`, the folder
written as FOLDER). A new file without a message fails and prints the message to review.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pgassay.core.catalog import Catalog, Column, ColumnType, Constraint, ConstraintKind, Table
from pgassay.core.errors import ConfigError
from pgassay.core.names import QualifiedName
from pgassay.volumes.profile import Formula, Reference
from pgassay.volumes.reading import load_profile

PROFILES = Path(__file__).parent / "profiles"
INVALID = sorted(path.stem for path in (PROFILES / "invalid").glob("*.toml"))
USERS, ORDERS = QualifiedName("public", "users"), QualifiedName("public", "orders")


def table(name: QualifiedName, columns: dict[str, str], *keys: Constraint) -> Table:
    return Table(
        name=name,
        columns=tuple(
            Column(
                name=column,
                position=position,
                type=ColumnType(sql=base, name=QualifiedName("pg_catalog", base), base=base),
            )
            for position, (column, base) in enumerate(columns.items(), 1)
        ),
        constraints=keys,
    )


CATALOG = Catalog(
    major=18,
    tables=(
        table(
            ORDERS,
            {"id": "uuid", "user_id": "uuid", "number": "int4"},
            Constraint(
                name="orders_user_id_fkey",
                kind=ConstraintKind.FOREIGN_KEY,
                columns=("user_id",),
                definition="FOREIGN KEY (user_id) REFERENCES users(id)",
                references=USERS,
                referenced_columns=("id",),
            ),
        ),
        table(USERS, {"id": "uuid", "email": "text"}),
    ),
)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_profile_is_refused_with_the_message_under_review(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_profile(str(PROFILES / "invalid" / f"{name}.toml"), CATALOG)
    told = str(refused.value).replace(str(PROFILES / "invalid"), "FOLDER") + "\n"
    message = PROFILES / "invalid" / f"{name}.txt"
    assert told == (message.read_text(encoding="utf-8") if message.exists() else "nothing yet")


def test_no_message_outlives_its_profile() -> None:
    assert sorted(path.stem for path in (PROFILES / "invalid").glob("*.txt")) == INVALID


def test_a_name_that_is_no_size_and_no_file_is_refused() -> None:
    with pytest.raises(ConfigError, match=r'no profile "mediun"') as refused:
        load_profile("mediun", CATALOG)
    assert 'did you mean "medium"?' in str(refused.value)


def test_a_description_at_a_size_is_that_size(tmp_path: Path) -> None:
    description = tmp_path / "volumes.toml"
    description.write_text(
        """
        rows = 500
        [time]
        start = 2026-01-01
        end = 2026-02-01T12:00:00Z
        [tables.orders]
        per = "user_id"
        mean = 2.5
        none = 0.1
        delay = "90 minutes"
        columns.number = { position = 1 }
        references.user_id = { skew = 0.5, never = 0.2, of = ["rows"] }
        weights.number = { "1" = 3, "2" = 1 }
        values = { id = "00000000-0000-0000-0000-000000000000" }
        """
    )
    profile = load_profile("small", CATALOG, description)
    assert (profile.name, profile.scale, profile.rows) == ("small", 0.05, 500)
    assert profile.period.start == datetime(2026, 1, 1)  # noqa: DTZ001 - UTC without a zone
    assert profile.period.end == datetime(2026, 2, 1, 12)  # noqa: DTZ001 - as above
    (section,) = profile.tables[ORDERS].sections
    assert (section.per, section.spread.mean, section.spread.none) == ("user_id", 2.5, 0.1)
    assert section.delay == timedelta(minutes=90)
    assert section.formulas == {"number": Formula(position=1)}
    assert section.references == {"user_id": Reference(skew=0.5, never=0.2, of=("rows",))}
    assert section.weights == {"number": {"1": 3.0, "2": 1.0}}
    assert section.values == {"id": "00000000-0000-0000-0000-000000000000"}


def test_a_profile_of_ones_own_lies_over_the_description(tmp_path: Path) -> None:
    description, own = tmp_path / "volumes.toml", tmp_path / "night.toml"
    description.write_text('[tables.orders]\nper = "user_id"\nmean = 2.0\n[tables.users]\nrows = 9')
    own.write_text("scale = 0.5\nseed = 42\n[tables.orders]\nmean = 7.0\n")
    profile = load_profile(str(own), CATALOG, description)
    assert (profile.name, profile.scale, profile.seed) == ("night", 0.5, 42)
    assert profile.tables[ORDERS].sections[0].per == "user_id"
    assert profile.tables[ORDERS].sections[0].spread.mean == 7.0
    assert profile.tables[USERS].sections[0].rows == 9


def test_sections_take_what_the_table_says_of_all_of_them(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        """
        [tables.orders]
        nulls = { number = 0.5 }
        [tables.orders.sections.web]
        rows = 10
        [tables.orders.sections.shop]
        rows = 20
        nulls = { number = 0.1, user_id = 0.2 }
        null = ["id"]
        """
    )
    web, shop = load_profile(str(own), CATALOG).tables[ORDERS].sections
    assert (web.name, web.rows, web.nulls, web.values) == ("web", 10, {"number": 0.5}, {})
    assert (shop.name, shop.rows) == ("shop", 20)
    assert shop.nulls == {"number": 0.1, "user_id": 0.2}
    assert shop.values == {"id": None}


def test_a_profile_is_read_without_numpy() -> None:
    """The gate and the command line know profiles; they do not pay for arrays."""
    asked = "import sys, pgassay.volumes.reading; print({'numpy', 'pyarrow'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert told.stdout == "set()\n"


def test_a_fault_in_the_description_is_told_of_its_own_file(tmp_path: Path) -> None:
    description, own = tmp_path / "volumes.toml", tmp_path / "own.toml"
    description.write_text("[tables.users]\nrows = -3\n")
    own.write_text("scale = 0.5\n")
    with pytest.raises(ConfigError, match=r"volumes\.toml: tables\.users\.rows"):
        load_profile(str(own), CATALOG, description)
