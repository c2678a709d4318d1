"""Projects as people lay them out, written file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INI = "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\n"
PYPROJECT = '[project]\nname = "My-Shop"\nversion = "1"\n'

BASE = """\
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass
"""
CUSTOMER = """

class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
"""
ORDER = """

class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
"""
MODELS = BASE + CUSTOMER + ORDER

ENV = """\
from alembic import context
from sqlalchemy import create_engine

{imports}

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata={metadata})
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = '''\
"""{title}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down!r}


def upgrade():
    {upgrade}
'''

CUSTOMER_TABLE = """op.create_table(
        "customer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
    )"""
ORDER_TABLE = """op.create_table(
        "order",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id"), nullable=False),
    )"""


def env(imports: str, metadata: str = "Base.metadata") -> str:
    return ENV.format(imports=imports, metadata=metadata)


def revision(name: str, upgrade: str, down: str | None = None) -> str:
    return REVISION.format(title=name, revision=name, down=down, upgrade=upgrade)


def history(folder: str = "migrations") -> dict[str, str]:
    return {
        f"{folder}/versions/1_customer.py": revision("1", CUSTOMER_TABLE),
        f"{folder}/versions/2_order.py": revision("2", ORDER_TABLE, "1"),
    }


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())  # line ends as they are
    return root


FLAT = {
    "pyproject.toml": PYPROJECT,
    "alembic.ini": INI + "prepend_sys_path = .\n",
    "models.py": MODELS,
    "migrations/env.py": env("from models import Base"),
    **history(),
}

SRC = {
    "pyproject.toml": PYPROJECT,
    "alembic.ini": INI,
    "src/shop/__init__.py": "",
    "src/shop/models.py": MODELS,
    "migrations/env.py": env("from shop.models import Base"),
    **history(),
}

BACKEND = {
    "frontend/package.json": "{}",
    "backend/alembic.ini": INI,
    "backend/app/__init__.py": "",
    "backend/app/models.py": MODELS,
    "backend/migrations/env.py": env("from app.models import Base"),
    **history("backend/migrations"),
}

TOML = {
    "pyproject.toml": PYPROJECT + '\n[tool.alembic]\nscript_location = "%(here)s/migrations"\n',
    "models.py": MODELS,
    "migrations/env.py": env("from models import Base"),
    **history(),
}

SECTIONS = {
    "pyproject.toml": PYPROJECT,
    "alembic.ini": "[customers]\nscript_location = %(here)s/customers\npath_separator = os\n\n"
    "[orders]\nscript_location = %(here)s/orders\npath_separator = os\n",
    "customer_models.py": BASE + CUSTOMER,
    "order_models.py": MODELS,
    "customers/env.py": env("from customer_models import Base"),
    "customers/versions/1.py": revision("1", CUSTOMER_TABLE),
    "orders/env.py": env("from order_models import Base"),
    **history("orders"),
}

VARIABLE = FLAT | {
    "migrations/env.py": env('import os\nfrom models import Base\n\nos.environ["SHOP_KEY"]'),
}

EXTENSION = FLAT | {
    "models.py": MODELS.replace("String(40)", "CITEXT").replace(
        "from sqlalchemy.orm",
        "from sqlalchemy.dialects.postgresql import CITEXT\nfrom sqlalchemy.orm",
    ),
    "migrations/versions/1_customer.py": revision(
        "1", CUSTOMER_TABLE.replace("sa.String(40)", "CITEXT")
    ).replace("from alembic", "from sqlalchemy.dialects.postgresql import CITEXT\nfrom alembic"),
}

BASELINE = FLAT | {
    "first_models.py": BASE + CUSTOMER.replace("String(40)", "String(20)"),
    "migrations/versions/1_customer.py": revision(
        "1", 'op.alter_column("customer", "name", type_=sa.String(40))'
    ),
}

HEADS = FLAT | {
    "models.py": MODELS + ORDER.replace("Order", "Refund").replace('"order"', '"refund"'),
    "migrations/versions/3_refund.py": revision(
        "3", ORDER_TABLE.replace('"order"', '"refund"'), "1"
    ),
}

NO_TARGET = FLAT | {
    "models.py": "",
    "pkg/__init__.py": "",
    "pkg/base.py": BASE,
    "pkg/tables.py": "from sqlalchemy import ForeignKey, String\n"
    "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom pkg.base import Base\n"
    + CUSTOMER
    + ORDER,
    "tests/test_models.py": 'raise SystemExit("not imported: __tablename__, sqlalchemy")',
    "migrations/env.py": env("", "None"),
}

IMPORT_ERROR = FLAT | {"models.py": "from no_such_library import Base\n"}

# The folders of revisions are said by env.py itself, as it runs.
FOLDERS_BY_ENV = (
    FLAT
    | {
        "migrations/env.py": env("from models import Base").replace(
            "engine =", 'context.script.version_locations = ["migrations/postgresql"]\nengine ='
        ),
    }
    | {
        name.replace("/versions/", "/postgresql/"): text
        for name, text in FLAT.items()
        if "/versions/" in name
    }
)
for _name in [name for name in FOLDERS_BY_ENV if "/versions/" in name]:
    del FOLDERS_BY_ENV[_name]

REFUSED_MODELS = FLAT | {
    # A reference to what is not unique: the models were only ever created elsewhere.
    "models.py": MODELS.replace('ForeignKey("customer.id")', 'ForeignKey("customer.name")').replace(
        "customer_id: Mapped[int]", "customer_id: Mapped[str]"
    ),
}

FAILING_MIGRATION = FLAT | {
    "migrations/versions/2_order.py": revision("2", 'op.execute("select 1 / 0")', "1"),
}

# Flask-Migrate's: the configuration lies beside env.py and names no folder.
BESIDE = {
    "pyproject.toml": PYPROJECT,
    "models.py": MODELS,
    "migrations/alembic.ini": "[alembic]\npath_separator = os\n",
    "migrations/env.py": env("from models import Base"),
    **history(),
}

NO_APPLICATION = BESIDE | {
    "migrations/env.py": 'raise RuntimeError("Working outside of application context.")\n'
    "run_migrations_online()\n",
}

# Two modules of models that do not know each other, and an env.py that names neither.
SCATTERED = FLAT | {
    "models.py": "",
    "pkg/__init__.py": "",
    "pkg/base.py": BASE,
    "pkg/customers.py": "from sqlalchemy import String\n"
    "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom pkg.base import Base\n" + CUSTOMER,
    "pkg/orders.py": "from sqlalchemy import ForeignKey\n"
    "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom pkg.base import Base\n" + ORDER,
    "migrations/env.py": env("", "None"),
}

# The table had another name once, and what PostgreSQL named after it still has.
RENAMED = FLAT | {
    "models.py": BASE
    + CUSTOMER.replace("String(40)", "String(40), unique=True, index=False")
    + ORDER.replace('ForeignKey("customer.id")', 'ForeignKey("customer.id"), index=True'),
    "migrations/versions/1_customer.py": revision(
        "1",
        CUSTOMER_TABLE.replace('"customer"', '"client"').replace(
            "nullable=False)", "nullable=False, unique=True)"
        )
        + """
    op.rename_table("client", "customer")""",
    ),
    "migrations/versions/2_order.py": revision(
        "2",
        """op.execute("create table purchase (id serial primary key, customer_id int not null "
        "references customer)")
    op.rename_table("purchase", "order")
    op.create_index("ix_order_customer_id", "order", ["customer_id"])""",
        "1",
    ),
}
