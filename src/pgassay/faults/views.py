"""Views: gone, another query, other options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, View


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each view and materialised view."""
    for view in catalog.views:
        yield from _of_view(view)


def _of_view(view: View) -> Iterator[Fault]:
    kind, name = "MATERIALIZED VIEW" if view.materialised else "VIEW", view.name.sql
    yield planted("view-dropped", view.name, None, f"DROP {kind} {name} CASCADE")
    yield planted("view-renamed", view.name, None, f"ALTER {kind} {name} RENAME TO pgassay_other")
    yield planted(
        "view-comment", view.name, None, f"COMMENT ON {kind} {name} IS 'other'",
        explained="a comment",
    )  # fmt: skip
    if view.materialised:
        yield planted("view-emptied", view.name, None, f"REFRESH {kind} {name} WITH NO DATA")
        return
    query = view.definition.rstrip().rstrip(";")
    yield planted(
        "view-query", view.name, None,
        f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM ({query}) AS it WHERE false",
    )  # fmt: skip
    for option in ("security_barrier", "security_invoker"):
        here = f"{option}=true" in view.options
        yield planted(
            "view-option", view.name, None,
            f"ALTER VIEW {name} SET ({option} = {'false' if here else 'true'})", change=option,
            explained="plans only" if option == "security_barrier" else "",
        )  # fmt: skip
