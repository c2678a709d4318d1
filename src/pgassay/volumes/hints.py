"""Content by name: what a column called `email` or `price` holds, where no factory says it.

A hint is a provider of Faker, asked a few hundred times for all tables together, or numbers of a
believable size. CHECKs are not known here; the pool lets the server judge.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.volumes.draws import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgassay.core.catalog import Column, ColumnType
    from pgassay.core.statement import Value

_WORDS = 256
_PROVIDERS = (
    (r"e.?mail", "ascii_safe_email"),
    (r"(secret|token|hash|password|signature|api_?key)", "fake"),
    (r"(avatar|image|picture|photo|logo|thumbnail|cover|preview).*(url|uri|link)", "image"),
    (r"(url|uri|link|website|endpoint|href)s?$", "uri"),
    (r"slug", "slug"),
    (r"user_?name|handle|login", "user_name"),
    (r"first_?name|given_?name", "first_name"),
    (r"last_?name|family_?name|surname", "last_name"),
    (r"company|organi[sz]ation|vendor|brand", "company"),
    (r"(full|display|author|customer|contact|owner|sender)_?name", "name"),
    (r"user_?agent", "user_agent"),
    (r"ip(_?addr(ess)?)?$", "ipv4_private"),
    (r"phone|mobile", "msisdn"),
    (r"country_?code", "country_code"),
    (r"country", "country"),
    (r"city|town", "city"),
    (r"post_?code|zip", "postcode"),
    (r"street|address", "street_address"),
    (r"currency", "currency_code"),
    (r"time_?zone", "timezone"),
    (r"locale|lang(uage)?", "locale"),
    (r"colou?r", "hex_color"),
    (r"mime|content_?type", "mime_type"),
    (r"path|file", "file_path"),
    (r"title|subject|headline|name|label", "catch_phrase"),
    (r"description|message|content|body|comment|note|bio|summary|reason|text|prompt", "paragraph"),
    (r"status|state", "status"),
)
_STATUSES = ("active", "active", "active", "pending", "pending", "done", "done", "done", "failed")
_PATTERNS = tuple((re.compile(p, re.IGNORECASE), provider) for p, provider in _PROVIDERS)
_AMOUNT = re.compile(r"amount|price|cost|total|fee|balance|budget|spend|revenue", re.IGNORECASE)
_SHARE = re.compile(r"percent|share|ratio|rate|score|confidence", re.IGNORECASE)


def hinted(column: Column, kind: ColumnType, number: int, labels: tuple[str, ...] = ()) -> Value:
    """Return content for a column of row `number`; None where its name and type say nothing."""
    if kind.array:
        return None
    draw = _fraction(column.name, number)
    if kind.kind is TypeKind.ENUM and labels:
        return labels[int(len(labels) * draw**2)]
    make = _MAKERS.get(kind.base)
    return make(column, kind, draw) if make else None


def _flag(column: Column, _kind: ColumnType, draw: float) -> str:
    return "true" if draw < (0.85 if column.default == "true" else 0.15) else "false"


def _count(column: Column, _kind: ColumnType, draw: float) -> str:
    limit = 100 if _SHARE.search(column.name) else 2000
    return str(int(limit * draw**3))


def _measure(column: Column, _kind: ColumnType, draw: float) -> str:
    return f"{draw if _SHARE.search(column.name) else 1000 * draw**3:.4f}"


def _fraction(label: str, number: int) -> float:
    return key_of("hint", label, number) / 2**64


def _text(column: Column, kind: ColumnType, draw: float) -> Value:
    for pattern, provider in _PATTERNS:
        if pattern.search(column.name):
            given = _given(provider)
            text = given[int(len(given) * draw)]
            return text if kind.length is None else text[: kind.length].rstrip() or None
    return None


def _decimal(column: Column, kind: ColumnType, draw: float) -> Value:
    scale = 2 if kind.precision is None else max(kind.scale or 0, 0)
    whole = 9 if kind.precision is None else kind.precision - scale
    largest = min(10.0**whole - 1, 100.0 if _SHARE.search(column.name) else 2000.0)
    if largest < 1:
        return None
    return f"{largest * draw ** (2 if _AMOUNT.search(column.name) else 1):.{scale}f}"


def _document(column: Column, _kind: ColumnType, draw: float) -> str:
    number = int(draw * 10_000)
    document: dict[str, object] = {"source": ("web", "api", "mobile")[number % 3], "version": 1}
    if draw > 0.3:  # noqa: PLR2004 - most have more than the least
        document["values"] = {"count": int(100 * draw), "label": f"{column.name} {number % 40}"}
    if draw > 0.7:  # noqa: PLR2004 - some are large
        document["items"] = [{"position": i, "score": round(draw * i, 3)} for i in range(6)]
    return json.dumps(document)


@lru_cache
def _given(provider: str) -> tuple[str, ...]:
    if provider == "status":
        return _STATUSES
    if provider == "fake":
        return tuple(f"fake-{key_of(provider, i):016x}" for i in range(_WORDS))
    from faker import Faker  # noqa: PLC0415 - takes a while to import, and the gate does without

    faker = Faker("en_GB" if provider == "postcode" else "en_US")
    faker.seed_instance(provider)
    if provider == "image":
        return tuple(f"https://cdn.example.org/{faker.uuid4()}.webp" for _ in range(_WORDS))
    made = [str(getattr(faker, provider)()) for _ in range(_WORDS)]
    return tuple(made)


_MAKERS: Mapping[str, Callable[[Column, ColumnType, float], Value]] = {
    **dict.fromkeys(("text", "varchar", "bpchar", "citext"), _text),
    **dict.fromkeys(("int2", "int4", "int8"), _count),
    **dict.fromkeys(("float4", "float8"), _measure),
    **dict.fromkeys(("json", "jsonb"), _document),
    "bool": _flag,
    "numeric": _decimal,
}
