"""What is promised of what belongs to a table or a view: indexes, triggers, policies, rules."""

from __future__ import annotations

from pgassay.core.catalog import ExtendedStatistics, Index, IndexKey, Policy, Rule, Trigger
from pgassay.core.names import quote
from pgassay.drift.fixpoint import Place
from pgassay.drift.promises.promise import (
    COMMENT,
    DEFINITION_REPEATS,
    NULLS_NOT_DISTINCT,
    Thing,
    columns_text,
    flag,
    last,
    name,
    silent,
    unordered,
    value,
)

_TRIGGER_STATE = "a trigger that does not fire is a rule that nobody keeps"


def _key_text(key: object) -> str:
    assert isinstance(key, IndexKey)
    parts = [quote(key.column) if key.column is not None else str(key.expression)]
    if key.collation:
        parts.append(f"COLLATE {key.collation.sql}")
    if key.opclass:
        options = f" ({', '.join(key.opclass_options)})" if key.opclass_options else ""
        parts.append(key.opclass + options)
    if key.descending:
        parts.append("DESC")
    if key.nulls_first != key.descending:
        parts.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    if key.statistics_target is not None:
        parts.append(f"STATISTICS {key.statistics_target}")
    return " ".join(parts)


def keys_text(value: object) -> str:
    """Return the keys of an index as CREATE INDEX writes them."""
    assert isinstance(value, tuple)
    return f"({', '.join(map(_key_text, value))})"


_INDEX = {
    "name": name(),
    "method": value("method", "other operators can use it", lead="USING"),
    "keys": value(
        "keys", "queries that need it cannot use it, or no longer for sorting", lead="",
        text=keys_text,
    ),
    "include": value("included columns", "index-only scans read the table again", lead="INCLUDE",
                     none="no INCLUDE", text=columns_text),
    "predicate": value(
        "predicate", "it covers other rows: queries lose it, or uniqueness holds for other rows",
        lead="WHERE", none="no WHERE", place=Place.PREDICATE,
    ),
    "unique": flag("uniqueness", "duplicates are accepted or refused", yes="UNIQUE",
                   no="not unique"),
    "nulls_not_distinct": NULLS_NOT_DISTINCT,
    "valid": flag(
        "validity", "an invalid index costs every write and serves no query; a unique one does "
        "not hold for the rows that were there", yes="valid", no="INVALID",
    ),
    "constraint": value("owning constraint", "it goes with another constraint, or with none",
                        lead="owned by constraint", none="owned by no constraint"),
    "parent": value("parent index", "it is not the partition's part of the parent's index",
                    lead="attached to", none="attached to no index"),
    "options": unordered("storage parameters", "it fills and is kept up differently", lead="WITH"),
    "clustered": flag("clustering", "CLUSTER without an index name takes another one",
                      yes="marked for CLUSTER", no="not marked for CLUSTER"),
    "definition": silent(DEFINITION_REPEATS),
    "comment": COMMENT,
}  # fmt: skip

_TRIGGER = {
    "name": name(),
    "definition": last("definition", "it fires otherwise, or passes something else"),
    "function": value("function", "something else happens when it fires", lead="EXECUTE FUNCTION"),
    "timing": value("timing", "it sees the row too early or too late to do its work", lead=""),
    "events": unordered("events", "changes of that kind pass it by", lead="ON"),
    "columns": unordered("columns", "updates of other columns pass it by", lead="UPDATE OF",
                         none="any column"),
    "for_each_row": flag("level", "it fires once a statement instead of once a row, or the reverse",
                         yes="FOR EACH ROW", no="FOR EACH STATEMENT"),
    "condition": value("condition", "it fires for other rows", lead="WHEN", none="no WHEN",
                       place=Place.WHEN),
    "constraint": flag("kind", "only a constraint trigger can be deferred",
                       yes="CONSTRAINT TRIGGER", no="ordinary trigger"),
    "deferrable": flag("deferrability", "it cannot wait for the end of the transaction, or can",
                       yes="DEFERRABLE", no="NOT DEFERRABLE"),
    "initially_deferred": flag("initial deferral", "it fires at COMMIT instead of at the "
                               "statement, or the reverse", yes="INITIALLY DEFERRED",
                               no="INITIALLY IMMEDIATE"),
    "enabled": value("state", _TRIGGER_STATE, lead="enabled:"),
    "inherited": flag("origin of the trigger", "it does not follow the parent's trigger",
                      yes="the parent's", no="its own"),
    "comment": COMMENT,
}  # fmt: skip

_POLICY = {
    "name": name(),
    "command": value("command", "it guards other commands", lead="FOR"),
    "permissive": flag("combination", "a permissive policy lets rows in, a restrictive one keeps "
                       "them out", yes="PERMISSIVE", no="RESTRICTIVE"),
    "roles": unordered("roles", "it holds for other roles", lead="TO"),
    "using": value("using", "other rows are visible", none="no USING", place=Place.POLICY),
    "check": value("with check", "other rows may be written", none="no WITH CHECK",
                   place=Place.POLICY),
    "comment": COMMENT,
}  # fmt: skip

_RULE = {
    "name": name(),
    "definition": value("definition", "statements are rewritten otherwise", lead=""),
    "enabled": value("state", "a rule that is off rewrites nothing", lead="enabled:"),
    "comment": COMMENT,
}

_STATISTICS = {
    "name": name(),
    "definition": value("definition", "the planner knows other dependencies", lead=""),
    "target": value("statistics target", "the planner estimates with more or fewer statistics"),
    "comment": COMMENT,
}

CHILDREN = {
    Index: Thing(
        word="index",
        missing="queries that rely on it read the whole table, and a unique one holds no more",
        extra="every write pays for an index that nobody asked for",
        fields=_INDEX,
    ),
    IndexKey: Thing(
        word="key",
        missing="",
        extra="",
        fields={
            field: value(field.replace("_", " "), "compared with the whole key")
            for field in (
                "column",
                "opclass",
                "opclass_options",
                "collation",
                "descending",
                "nulls_first",
                "statistics_target",
            )
        }
        | {"expression": value("expression", "compared with the whole key", place=Place.KEY)},
    ),
    Trigger: Thing(
        word="trigger",
        missing="what it keeps up or refuses is left to the application",
        extra="writes do something that nobody asked for",
        fields=_TRIGGER,
    ),
    Policy: Thing(
        word="policy",
        missing="rows are hidden or shown that should not be",
        extra="rows are hidden or shown that should not be",
        fields=_POLICY,
    ),
    Rule: Thing(
        word="rule",
        missing="statements are not rewritten as promised",
        extra="statements are rewritten in a way that nobody asked for",
        fields=_RULE,
    ),
    ExtendedStatistics: Thing(
        word="statistics",
        missing="the planner takes dependent columns for independent",
        extra="ANALYZE pays for statistics that nobody asked for",
        fields=_STATISTICS,
    ),
}
