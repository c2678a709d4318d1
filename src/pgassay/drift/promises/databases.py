"""What is promised of a database beside its tables: types, sequences, views, functions, rights."""

from __future__ import annotations

from pgassay.core.catalog import (
    Catalog,
    CompositeType,
    DefaultPrivileges,
    Domain,
    EnumType,
    EventTrigger,
    Extension,
    Function,
    Privilege,
    RangeType,
    Schema,
    Sequence,
    View,
)
from pgassay.drift.fixpoint import Place
from pgassay.drift.promises.promise import (
    COMMENT,
    GRANTS,
    How,
    Promise,
    Thing,
    children,
    flag,
    last,
    listed,
    name,
    silent,
    unordered,
    value,
)
from pgassay.drift.promises.tables import TYPE

_NUMBERS = "it hands out other numbers"
_TYPE_MISSING = "columns and functions of this type cannot be made"
_TYPE_EXTRA = "a type that no model knows"


def _view_word(view: object) -> str:
    assert isinstance(view, View)
    return "materialised view" if view.materialised else "view"


def _function_word(function: object) -> str:
    assert isinstance(function, Function)
    return function.kind


DATABASES = {
    Catalog: Thing(
        word="database",
        missing="",
        extra="",
        fields={
            "major": silent("where the catalog was read, not what it is"),
            **{
                field: children(field.replace("_", " "))
                for field in (
                    "schemas",
                    "extensions",
                    "enums",
                    "domains",
                    "composites",
                    "ranges",
                    "sequences",
                    "tables",
                    "views",
                    "functions",
                    "event_triggers",
                    "default_privileges",
                )
            },
        },
    ),
    Schema: Thing(
        word="schema",
        missing="nothing in it can be reached",
        extra="a schema that no model knows",
        fields={"name": name(), "privileges": GRANTS, "comment": COMMENT},
    ),
    Extension: Thing(
        word="extension",
        missing="its types, operators and functions are not there",
        extra="an extension that nobody asked for must be there on every server",
        fields={
            "name": name(),
            "schema": value("schema", "its objects are found under another name", lead="SCHEMA"),
            "version": value(
                "version",
                "an extension of another version brings other objects; "
                "compared between servers of one major version",
            ),
            "comment": value(
                "comment",
                "the stock comment comes with the version; compared "
                "between servers of one major version",
            ),
        },
    ),
    EnumType: Thing(
        word="enum",
        missing=_TYPE_MISSING,
        extra=_TYPE_EXTRA,
        fields={
            "name": name(),
            "labels": value(
                "labels", "values are accepted or refused, or sort, otherwise", lead="", text=listed
            ),
            "privileges": GRANTS,
            "comment": COMMENT,
        },
    ),
    Domain: Thing(
        word="domain",
        missing=_TYPE_MISSING,
        extra=_TYPE_EXTRA,
        fields={
            "name": name(),
            "type": TYPE,
            "not_null": flag(
                "nullability",
                "NULL is accepted or refused in every column of it",
                yes="NOT NULL",
                no="nullable",
            ),
            "default": value("default", "columns of it get another value", place=Place.DEFAULT),
            "collation": value(
                "collation", "it decides order and equality of the text", lead="COLLATE"
            ),
            "constraints": children("constraints"),
            "privileges": GRANTS,
            "comment": COMMENT,
        },
    ),
    CompositeType: Thing(
        word="composite type",
        missing=_TYPE_MISSING,
        extra=_TYPE_EXTRA,
        fields={
            "name": name(),
            "columns": Promise(
                how=How.ORDER,
                word="attributes",
                text=listed,
                why="a row literal fills other attributes",
            ),
            "privileges": GRANTS,
            "comment": COMMENT,
        },
    ),
    RangeType: Thing(
        word="range type",
        missing=_TYPE_MISSING,
        extra=_TYPE_EXTRA,
        fields={
            "name": name(),
            "subtype": value("subtype", "it holds other values"),
            "multirange": value("multirange type", "its multirange is found under another name"),
            "collation": value("collation", "its bounds sort otherwise", lead="COLLATE"),
            "opclass": value("operator class", "its bounds sort otherwise"),
            "canonical": value("canonical function", "equal ranges do not compare as equal"),
            "subtype_diff": value("difference function", "GiST indexes on it become slow"),
            "privileges": GRANTS,
            "comment": COMMENT,
        },
    ),
    Sequence: Thing(
        word="sequence",
        missing="whatever takes numbers from it fails",
        extra="a sequence that nobody takes numbers from",
        fields={
            "name": name(),
            "type": value("type", "it ends at another number", lead="AS"),
            "start": value("start", _NUMBERS, lead="START"),
            "minimum": value("minimum", _NUMBERS, lead="MINVALUE"),
            "maximum": value("maximum", "it ends at another number", lead="MAXVALUE"),
            "increment": value("increment", _NUMBERS, lead="INCREMENT"),
            "cache": value("cache", "sessions leave other gaps between the numbers"),
            "cycle": flag(
                "cycle",
                "at its end it begins again, and meets keys that exist",
                yes="CYCLE",
                no="NO CYCLE",
            ),
            "owned_by": value(
                "owner",
                "dropping the column leaves it behind, or takes it along",
                lead="OWNED BY",
                none="OWNED BY NONE",
            ),
            "owned_column": value(
                "owner column",
                "dropping the column leaves it behind, or takes it along",
                lead="OWNED BY column",
                none="OWNED BY NONE",
            ),
            "identity": flag(
                "identity",
                "the column's identity is not backed by it",
                yes="an identity's sequence",
                no="a sequence of its own",
            ),
            "persistence": value(
                "persistence", "an unlogged sequence starts again after a crash", lead=""
            ),
            "privileges": GRANTS,
            "comment": COMMENT,
        },
    ),
    View: Thing(
        word="view",
        missing="everything that reads it fails",
        extra="a view that nobody asked for stands in the way of changing its tables",
        fields={
            "name": name(),
            "definition": value(
                "query", "it shows other rows or columns", lead="AS", place=Place.VIEW
            ),
            "columns": children("columns"),
            "materialised": flag(
                "kind",
                "rows are kept until refreshed, or computed when read",
                yes="materialised",
                no="not materialised",
            ),
            "populated": flag(
                "population",
                "reading it fails until it is refreshed",
                yes="populated",
                no="WITH NO DATA",
            ),
            "indexes": children("indexes"),
            "triggers": children("triggers"),
            "rules": children("rules"),
            "statistics": children("statistics"),
            "options": unordered(
                "options", "it checks written rows, or whose rights hold, otherwise", lead="WITH"
            ),
            "privileges": GRANTS,
            "comment": COMMENT,
        },
        words=_view_word,
    ),
    Function: Thing(
        word="function",
        missing="triggers, defaults and queries that call it fail",
        extra="a function that nobody asked for can be called",
        fields={
            "name": name(),
            "arguments": name(),
            "kind": value("kind", "it is called otherwise", lead=""),
            "returns": value("result", "it gives back another type", lead="RETURNS"),
            "language": value("language", "another language reads its body"),
            "definition": last("definition", "it does something else"),
            "security_definer": flag(
                "security",
                "it runs with other rights",
                yes="SECURITY DEFINER",
                no="SECURITY INVOKER",
            ),
            "volatility": value(
                "volatility",
                "the planner may call it once instead of for every "
                "row, and an index may use it, or not",
                lead="",
            ),
            "settings": unordered(
                "settings",
                "it runs under other settings; without a "
                "search_path of its own, a definer's function can be led "
                "astray",
                lead="SET",
            ),
            "privileges": GRANTS,
            "comment": COMMENT,
        },
        words=_function_word,
    ),
    EventTrigger: Thing(
        word="event trigger",
        missing="what it keeps up or refuses at DDL is not done",
        extra="DDL does something that nobody asked for",
        fields={
            "name": name(),
            "event": value("event", "it fires at another moment", lead="ON"),
            "function": value(
                "function", "something else happens when it fires", lead="EXECUTE FUNCTION"
            ),
            "tags": unordered(
                "tags", "other commands set it off", lead="WHEN TAG IN", none="any command"
            ),
            "enabled": value(
                "state", "a trigger that does not fire is a rule that nobody keeps", lead="enabled:"
            ),
            "comment": COMMENT,
        },
    ),
    DefaultPrivileges: Thing(
        word="default privileges",
        missing="objects made later lack the rights",
        extra="objects made later carry rights that nobody asked for",
        fields={
            "role": name(),
            "schema": name(),
            "object_type": name(),
            "privileges": GRANTS,
        },
    ),
    Privilege: Thing(
        word="grant",
        missing="",
        extra="",
        fields={
            "grantee": name(),
            "privilege": name(),
            "grantable": flag(
                "grant option",
                "the grantee may pass the right on",
                yes="WITH GRANT OPTION",
                no="no grant option",
            ),
            "revoked": flag(
                "revocation",
                "a right that everybody has by default was taken away",
                yes="revoked",
                no="granted",
            ),
        },
    ),
}
