"""Repairs of tables and views themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Persistence, Table, TableKind, View
from pgassay.core.names import quote
from pgassay.drift.ddl.clauses import changed_foreign_options
from pgassay.drift.ddl.rights import identity_of, word_of
from pgassay.drift.ddl.tables import replica_identity, view_statements
from pgassay.drift.repairs.columns import set_and_reset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.drift.repairs.site import Site


def change(site: Site) -> Iterable[str] | None:
    """Return what makes one field of a table or a view as promised; None for other objects."""
    if isinstance(site.built, View):
        return _view(site)
    if not isinstance(site.built, Table):
        return None
    head = f"ALTER TABLE {site.built.name.sql}"
    match site.field:
        case "replica_identity":
            made = [replica_identity(site.built_with(replica_identity=site.wanted))]
        case "partition":
            made = list(_partition(site))
        case "inherits":
            made = [f"{head} NO INHERIT {p.sql};" for p in site.found if p not in site.wanted]
            made += [f"{head} INHERIT {p.sql};" for p in site.wanted if p not in site.found]
        case "options" if site.built.kind is TableKind.FOREIGN:
            name = site.built.name.sql
            options = changed_foreign_options(site.found, site.wanted)
            made = [f"ALTER FOREIGN TABLE {name} OPTIONS ({options});"]
        case _:
            simple = _simple(site, head)
            made = [f"{head} {simple};"] if simple else []
    return made


def _simple(site: Site, head: str) -> str:  # noqa: PLR0911 - one return per field
    match site.field:
        case "persistence":
            return "SET LOGGED" if site.wanted is Persistence.PERMANENT else "SET UNLOGGED"
        case "access_method":
            return f"SET ACCESS METHOD {quote(site.wanted or 'heap')}"
        case "options":
            return set_and_reset(site.found, site.wanted, head)
        case "row_security":
            return f"{'ENABLE' if site.wanted else 'DISABLE'} ROW LEVEL SECURITY"
        case "force_row_security":
            return f"{'FORCE' if site.wanted else 'NO FORCE'} ROW LEVEL SECURITY"
        case "of_type":
            return f"OF {site.wanted.sql}" if site.wanted else "NOT OF"
        case _:
            return ""  # its kind, its partition key or its server: the rows would have to move


def _partition(site: Site) -> Iterator[str]:
    name = site.built.name.sql
    if site.found is not None:
        yield f"ALTER TABLE {site.found.parent.sql} DETACH PARTITION {name};"
    if site.wanted is not None:
        yield f"ALTER TABLE {site.wanted.parent.sql} ATTACH PARTITION {name} {site.wanted.bound};"


def _view(site: Site) -> Iterator[str]:
    head = f"ALTER {word_of(site.built)} {identity_of(site.built)}"
    if site.field == "options":
        yield f"{head} {set_and_reset(site.found, site.wanted, head)};"
    elif site.field == "populated":
        tail = "" if site.wanted else " WITH NO DATA"
        yield f"REFRESH MATERIALIZED VIEW {site.built.name.sql}{tail};"
    else:
        yield f"DROP {word_of(site.built)} {identity_of(site.built)};"
        yield from view_statements(site.as_promised(site.promised))
