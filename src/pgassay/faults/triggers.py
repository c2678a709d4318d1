"""Triggers: dropped, silenced, fired at another time, for other columns, under another condition.

A trigger is rebuilt from the fields of the catalog and the call that its definition ends with.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Catalog, Enabled, Table, Trigger
from pgassay.core.names import quote, quote_all
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATES = {
    Enabled.ORIGIN: "ENABLE",
    Enabled.DISABLED: "DISABLE",
    Enabled.REPLICA: "ENABLE REPLICA",
    Enabled.ALWAYS: "ENABLE ALWAYS",
}
_EVERYWHERE = "it fires in every session that is no replica all the same"
_NO_OTHER_ORDER = "a name; no other trigger stands beside it"


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each trigger, and one too many on each table."""
    for table in catalog.tables:
        for trigger in table.triggers:
            yield from _states(table, trigger)
            yield from _existence(table, trigger)
            if " REFERENCING " not in trigger.definition:
                yield from _rebuilt(table, trigger)
        yield planted(
            "trigger-added", table.name, "pgassay_added",
            f"CREATE TRIGGER pgassay_added BEFORE UPDATE ON {table.name.sql} FOR EACH ROW"
            " EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
            explained="an UPDATE that changes nothing is skipped, as if it had been written",
        )  # fmt: skip


def _states(table: Table, trigger: Trigger) -> Iterator[Fault]:
    for state, words in _STATES.items():
        if state is not trigger.enabled:
            alike = {state, trigger.enabled} == {Enabled.ORIGIN, Enabled.ALWAYS}
            yield planted(
                "trigger-state", table.name, trigger.name,
                f"ALTER TABLE {table.name.sql} {words} TRIGGER {quote(trigger.name)}",
                change=f"to {state}", explained=_EVERYWHERE if alike else "",
            )  # fmt: skip


def _existence(table: Table, trigger: Trigger) -> Iterator[Fault]:
    name, on = quote(trigger.name), table.name.sql
    yield planted("trigger-dropped", table.name, trigger.name, f"DROP TRIGGER {name} ON {on}")
    alone = sum(t.timing == trigger.timing for t in table.triggers) == 1
    yield planted(
        "trigger-renamed", table.name, trigger.name,
        f"ALTER TRIGGER {name} ON {on} RENAME TO pgassay_other",
        explained=_NO_OTHER_ORDER if alone else "",
    )  # fmt: skip
    yield planted(
        "trigger-comment", table.name, trigger.name,
        f"COMMENT ON TRIGGER {name} ON {on} IS 'other'", explained="a comment",
    )  # fmt: skip


def _rebuilt(table: Table, trigger: Trigger) -> Iterator[Fault]:
    other_time = {"BEFORE": "AFTER", "AFTER": "BEFORE"}.get(trigger.timing)
    if other_time and not trigger.constraint:
        timed = replace(trigger, timing=other_time)
        yield _changed("trigger-timing", table, trigger, timed, f"to {other_time}")
    for event in ("INSERT", "UPDATE", "DELETE"):
        if event not in trigger.events:
            # A condition that speaks of OLD or NEW goes with the events it has.
            more = replace(trigger, events=(*trigger.events, event), condition=None)
            yield _changed("trigger-event-added", table, trigger, more, event)
        elif len(trigger.events) > 1:
            left = tuple(e for e in trigger.events if e != event)
            fewer = replace(
                trigger, events=left, columns=trigger.columns if event != "UPDATE" else ()
            )
            yield _changed("trigger-event-lost", table, trigger, fewer, event)
    if "UPDATE" in trigger.events:
        for column in (None,) if trigger.columns else (table.columns[0], table.columns[-1]):
            columns = (column.name,) if column else ()
            change = f"of {quote(column.name)}" if column else "of any column"
            other = replace(trigger, columns=columns)
            yield _changed("trigger-columns", table, trigger, other, change)
    if trigger.condition is not None:
        without = replace(trigger, condition=None)
        yield _changed("trigger-condition", table, trigger, without, "dropped")
    if trigger.for_each_row:
        never = replace(trigger, condition="false")
        yield _changed("trigger-condition", table, trigger, never, "to false")
        whole = replace(trigger, for_each_row=False, condition=None)
        yield _changed("trigger-level", table, trigger, whole, "to each statement")


def _changed(operator: str, table: Table, trigger: Trigger, other: Trigger, change: str) -> Fault:
    return planted(
        operator,
        table.name,
        trigger.name,
        f"DROP TRIGGER {quote(trigger.name)} ON {table.name.sql}",
        _create(table, other),
        change=change,
    )


def _create(table: Table, trigger: Trigger) -> str:
    events = [
        f"UPDATE OF {quote_all(trigger.columns)}" if e == "UPDATE" and trigger.columns else e
        for e in trigger.events
    ]
    call = trigger.definition.rpartition(" EXECUTE FUNCTION ")[2]
    parts = [
        f"CREATE {'CONSTRAINT ' if trigger.constraint else ''}TRIGGER {quote(trigger.name)}",
        f"{trigger.timing} {' OR '.join(events)} ON {table.name.sql}",
    ]
    if trigger.deferrable:
        deferred = "DEFERRED" if trigger.initially_deferred else "IMMEDIATE"
        parts.append(f"DEFERRABLE INITIALLY {deferred}")
    parts.append("FOR EACH ROW" if trigger.for_each_row else "FOR EACH STATEMENT")
    if trigger.condition is not None:
        parts.append(f"WHEN ({trigger.condition})")
    return " ".join([*parts, f"EXECUTE FUNCTION {call}"])
