"""Rights: row security, policies, grants lost and grants too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName, quote
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Policy, Privilege, Table

_OWNER_ALONE = "nobody but the owner has rights to it, and the owner passes row security"


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with rights and row security."""
    for table in catalog.tables:
        yield from _row_security(table)
        for policy in table.policies:
            yield from _of_policy(table, policy)
        yield from _of_grants("TABLE", table.name, table.name.sql, table.privileges)
        for right in ("SELECT", "UPDATE"):
            yield planted(
                "grant-added", table.name, None, f"GRANT {right} ON {table.name.sql} TO PUBLIC",
                change=f"{right} to PUBLIC",
            )  # fmt: skip
    for view in catalog.views:
        yield from _of_grants("TABLE", view.name, view.name.sql, view.privileges)
    for sequence in catalog.sequences:
        yield from _of_grants("SEQUENCE", sequence.name, sequence.name.sql, sequence.privileges)
        yield planted(
            "grant-added", sequence.name, None,
            f"GRANT UPDATE ON SEQUENCE {sequence.name.sql} TO PUBLIC", change="UPDATE to PUBLIC",
        )  # fmt: skip
    for function in catalog.functions:
        what = f"{function.name.sql}({function.arguments})"
        yield from _of_grants("ROUTINE", function.name, what, function.privileges)
        yield planted(
            "grant-revoked", function.name, None,
            f"REVOKE EXECUTE ON ROUTINE {what} FROM PUBLIC", change="EXECUTE of PUBLIC",
            explained="a trigger's function is run without asking the right to it"
            if function.returns == "trigger" else "",
        )  # fmt: skip
    for schema in catalog.schemas:
        yield planted(
            "grant-added", QualifiedName("schema", schema.name), None,
            f"GRANT CREATE ON SCHEMA {quote(schema.name)} TO PUBLIC", change="CREATE to PUBLIC",
        )  # fmt: skip


def _row_security(table: Table) -> Iterator[Fault]:
    alter = f"ALTER TABLE {table.name.sql}"
    toggled = "DISABLE" if table.row_security else "ENABLE"
    shared = any(not p.revoked for p in table.privileges) or any(
        column.privileges for column in table.columns
    )
    yield planted(
        "row-security", table.name, None, f"{alter} {toggled} ROW LEVEL SECURITY",
        explained="" if shared or table.row_security else _OWNER_ALONE,
    )  # fmt: skip
    forced = "NO FORCE" if table.force_row_security else "FORCE"
    without = "" if table.row_security else "row security is off"
    yield planted(
        "row-security-forced", table.name, None, f"{alter} {forced} ROW LEVEL SECURITY",
        explained=without,
    )  # fmt: skip
    yield planted(
        "policy-added", table.name, "pgassay_added",
        f"CREATE POLICY pgassay_added ON {table.name.sql} USING (true)", explained=without,
    )  # fmt: skip


def _of_policy(table: Table, policy: Policy) -> Iterator[Fault]:
    name, on = quote(policy.name), table.name.sql
    yield planted("policy-dropped", table.name, policy.name, f"DROP POLICY {name} ON {on}")
    yield planted(
        "policy-renamed", table.name, policy.name,
        f"ALTER POLICY {name} ON {on} RENAME TO pgassay_other", explained="a name",
    )  # fmt: skip
    for clause, text in (("USING", policy.using), ("WITH CHECK", policy.check)):
        for other in ("true", "false"):
            if text is not None and text != other:
                yield planted(
                    "policy-changed", table.name, policy.name,
                    f"ALTER POLICY {name} ON {on} {clause} ({other})", change=f"{clause} {other}",
                )  # fmt: skip


def _of_grants(
    kind: str, subject: QualifiedName, what: str, privileges: tuple[Privilege, ...]
) -> Iterator[Fault]:
    for held in privileges:
        who = "PUBLIC" if held.grantee == "PUBLIC" else quote(held.grantee)
        change = f"{held.privilege} of {who}"
        if held.revoked:
            text = f"GRANT {held.privilege} ON {kind} {what} TO {who}"
            yield planted("grant-added", subject, None, text, change=change)
            continue
        text = f"REVOKE {held.privilege} ON {kind} {what} FROM {who}"
        yield planted("grant-revoked", subject, None, text, change=change)
        if not held.grantable and who != "PUBLIC":
            option = f"GRANT {held.privilege} ON {kind} {what} TO {who} WITH GRANT OPTION"
            yield planted("grant-option", subject, None, option, change=change)
