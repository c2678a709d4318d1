"""Profiles as people write them: TOML, held against the catalog.

A size or a file of one's own stands over the system's description: what it says of a table is
laid over what the description says, key by key; sections are replaced as a whole.
"""

from __future__ import annotations

import shlex
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.toml_table import TomlTable, read_toml
from pgassay.volumes.profile import (
    POOL,
    ROWS,
    SHAPES,
    Formula,
    Period,
    Profile,
    Reference,
    Section,
    Spread,
    TableVolume,
)
from pgassay.volumes.sizes import SIZES
from pgassay.volumes.stated import joints_of, number, share, statistics_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.statement import Value

_TOP = ("size", "scale", "rows", "pool", "seed", "time", "taken", "tables")
_DICTS = ("references", "columns", "weights", "nulls", "values", "statistics")
_TABLE = ("fixed", "sections", "partitions", "together")
_SPREAD = tuple(f.name for f in fields(Spread) if f.name != "steps")
_SECTION = ("rows", "per", "of", "delay", "null", *_SPREAD, *_DICTS)
_UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_REFERENCE = tuple(
    {"source": "from"}.get(f.name, f.name) for f in fields(Reference) if f.name != "of"
)
_FORMULA = tuple({"source": "from", "total": "sum"}.get(f.name, f.name) for f in fields(Formula))


def load_profile(wanted: str, catalog: Catalog, description: Path | None = None) -> Profile:
    """Return a profile: a size by name, or a file of one's own, over a system's description.

    Raises:
        ConfigError: there is no such size or file, or one of the files is wrong; in words.
    """
    below = read_toml(description) if description else {}
    if wanted in SIZES:
        over: dict[str, Any] = {"size": wanted}
        path = description or Path(wanted)
    else:
        path = Path(wanted)
        if not path.is_file():
            raise ConfigError(
                f'there is no profile "{wanted}"',
                where="--profile",
                expected=f"the path of a TOML file, or {suggestion(wanted, SIZES)}",
            )
        over = read_toml(path)
        if over.get("taken"):
            below = {}  # its rows are those of another database, not of the description
        elif description:
            parse_profile(below, description, catalog)  # its errors are its own file's
    return parse_profile(_laid_over(below, over), path, catalog, name=Path(wanted).stem)


def load_earlier(wanted: str, catalog: Catalog, description: Path | None = None) -> Profile:
    """Return a profile for an earlier schema than the description speaks of.

    What the description, or a file of one's own, says of a table is left out where that table, or
    a column that it names, is not there; rows are then derived from the catalog alone.

    Raises:
        ConfigError: there is no such size or file.
    """
    if wanted not in SIZES and not Path(wanted).is_file():
        return load_profile(wanted, catalog)  # which says what there is
    below = read_toml(description) if description else {}
    over = {"size": wanted} if wanted in SIZES else read_toml(Path(wanted))
    path = description or Path(wanted)
    data = _laid_over({} if over.get("taken") else below, over)
    tables = {}
    for key, given in data.pop("tables", {}).items():
        with suppress(ConfigError):
            parse_profile({"tables": {key: given}}, path, catalog)
            tables[key] = given
    return parse_profile({**data, "tables": tables}, path, catalog, name=Path(wanted).stem)


def parse_profile(
    data: Mapping[str, Any], path: Path, catalog: Catalog, name: str = "medium"
) -> Profile:
    """Return the profile that a TOML document is. Raises ConfigError, in words."""
    top = TomlTable(dict(data), "profile", path)
    top.only(*_TOP)
    size = top.take("size", str, "medium")
    if size not in SIZES:
        raise top.wrong("size", f'"{size}" is no size', suggestion(size, SIZES))
    tables = {t.name.label: t for t in catalog.roots()}
    described: dict[Any, TableVolume] = {}
    for key, given in top.take("tables", dict, {}).items():
        if key not in tables:
            raise _no_table(top, key, tables)
        inner = TomlTable(given, f"tables.{key}", path)
        described[tables[key].name] = _table(inner, tables[key], tables)
    seed = top.data.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        raise top.wrong("seed", f"{seed!r} is no whole number", "a whole number, such as 0")
    return Profile(
        name=name,
        scale=number(top, "scale", SIZES[size], above=0),
        rows=int(number(top, "rows", ROWS, above=0)),
        pool=int(number(top, "pool", POOL, above=0)),
        seed=seed,
        period=_period(TomlTable(top.take("time", dict, {}), "time", path)),
        tables=described,
        taken="taken" in top.data,
    )


def _laid_over(below: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = _laid_over(old, value) if both else value  # type: ignore[arg-type]  # both are
    return merged


def _table(inner: TomlTable, table: Table, tables: Mapping[str, Table]) -> TableVolume:
    inner.only(*_TABLE, *_SECTION)
    common = {k: v for k, v in inner.data.items() if k not in _TABLE}
    parts = inner.take("sections", dict, {}) or {"rows": {}}
    sections = []
    for name, given in parts.items():
        where = inner.name if "sections" not in inner.data else f"{inner.name}.sections.{name}"
        own = TomlTable(given, where, inner.path)
        own.only(*_SECTION)
        merged = TomlTable(_laid_over(common, own.data), where, inner.path)
        sections.append(_section(name, merged, table, tables))
    return TableVolume(
        name=table.name,
        sections=tuple(sections),
        fixed=inner.take("fixed", bool, False),
        counted="statistics" in common and set(common) <= {"rows", "statistics"},
        partitions={k: share(inner, f"partitions.{k}", v) for k, v in _partitions(inner)},
        together=joints_of(inner, table),
    )


def _partitions(inner: TomlTable) -> Iterable[tuple[str, object]]:
    given: dict[str, object] = inner.take("partitions", dict, {})
    return given.items()


def _no_table(top: TomlTable, key: str, tables: Iterable[str]) -> ConfigError:
    taken = "taken" in top.data
    return ConfigError(
        f'there is no table "{key}"',
        where=f"{top.path}: {top.name}.tables",
        expected=suggestion(key, tables),
        why="the database it was taken from has a table that this schema lacks" if taken else None,
        fix=f"pgassay profile --except {shlex.quote(key)}, or take it out of the file"
        if taken
        else None,
    )


def _section(name: str, inner: TomlTable, table: Table, tables: Mapping[str, Table]) -> Section:
    for key in ("columns", "weights", "nulls", "values"):
        _known(inner, key, inner.take(key, dict, {}), table)
    _known(inner, "statistics", inner.take("statistics", dict, {}), table, generated=True)
    _known(inner, "null", inner.strings("null"), table)
    references = {
        key: _reference(TomlTable(g, f"{inner.name}.references.{key}", inner.path), tables)
        for key, g in inner.take("references", dict, {}).items()
    }
    for key, reference in references.items():
        if reference.table is None:
            _known(inner, "references", (key,), table)
    rows = inner.take("rows", int, None)
    if rows is not None and rows < 0:
        raise inner.wrong("rows", f"{rows} is less than none", "0 or more")
    return Section(
        name=name,
        rows=rows,
        per=inner.take("per", str, None),
        of=inner.strings("of"),
        spread=_spread(inner),
        delay=_delay(inner),
        references=references,
        formulas={
            key: _formula(TomlTable(g, f"{inner.name}.columns.{key}", inner.path))
            for key, g in inner.take("columns", dict, {}).items()
        },
        weights={k: _weights(inner, k, w) for k, w in inner.take("weights", dict, {}).items()},
        nulls={k: share(inner, f"nulls.{k}", n) for k, n in inner.take("nulls", dict, {}).items()},
        values={**_texts(inner), **dict.fromkeys(inner.strings("null"))},
        statistics=statistics_of(inner),
    )  # fmt: skip


def _known(
    inner: TomlTable, key: str, names: Iterable[str], table: Table, *, generated: bool = False
) -> None:
    columns = [c.name for c in table.columns if generated or c.generated is None]
    for name in names:
        if name not in columns:
            raise inner.wrong(
                key, f'{table.name} has no column "{name}"', suggestion(name, columns)
            )


def _spread(inner: TomlTable) -> Spread:
    shape = inner.take("shape", str, "tail")
    if shape not in SHAPES:
        raise inner.wrong("shape", f'"{shape}" is no shape', suggestion(shape, SHAPES))
    spread = Spread(
        mean=number(inner, "mean", 1.0),
        none=share(inner, "none", inner.data.get("none", 0.0)),
        least=inner.take("least", int, None),
        most=inner.take("most", int, None),
        shape=shape,
        tail=number(inner, "tail", 1.0),
    )
    able = 1 - spread.none
    if spread.most is not None and spread.mean > spread.most * able:
        raise inner.wrong(
            "mean",
            f"a mean of {spread.mean:g} cannot be held by {able:.0%} of the parents"
            f" with {spread.most} at most",
            f"a mean of {spread.most * able:g} or less, a larger most or a smaller none",
        )
    if spread.least is not None and spread.mean < spread.least * able:
        raise inner.wrong(
            "mean",
            f"a mean of {spread.mean:g} is less than {able:.0%} of the parents"
            f" with {spread.least} at least",
            f"a mean of {spread.least * able:g} or more, a smaller least or a larger none",
        )
    return spread


def _reference(inner: TomlTable, tables: Mapping[str, Table]) -> Reference:
    inner.only(*_REFERENCE, "of")
    target = inner.take("table", str, None)
    if target is not None and target not in tables:
        raise inner.wrong("table", f'there is no table "{target}"', suggestion(target, tables))
    ways = [key for key in ("from", "within", "earlier") if key in inner.data]
    if len(ways) > 1:
        raise inner.wrong(ways[1], f"stands beside {ways[0]}", "one way to choose a row")
    null = inner.data.get("null")
    return Reference(
        table=tables[target].name if target else None,
        of=inner.strings("of"),
        skew=number(inner, "skew", 0.0),
        never=share(inner, "never", inner.data.get("never", 0.0)),
        null=None if null is None else share(inner, "null", null),
        source=inner.take("from", str, None),
        within=inner.take("within", str, None),
        distinct=inner.take("distinct", bool, False),
        place=inner.take("place", int, None),
        earlier=inner.take("earlier", bool, False),
        first=inner.take("first", int, 0),
    )


def _formula(inner: TomlTable) -> Formula:
    inner.only(*_FORMULA)
    ways = [key for key in inner.data if key != "of"]
    if len(ways) != 1:
        raise ConfigError(
            f"says {' and '.join(ways) or 'nothing'}",
            where=f"{inner.path}: {inner.name}",
            expected=f"one of {', '.join(k for k in _FORMULA if k != 'of')}",
        )
    first = inner.data.get("first")
    same = inner.strings("same")
    if same and len(same) != 2:  # noqa: PLR2004 - two paths
        raise inner.wrong("same", f"{len(same)} paths", "two paths")
    return Formula(
        position=inner.take("position", int, None),
        source=inner.take("from", str, None),
        count=inner.take("count", str, None),
        total=inner.take("sum", str, None),
        running=inner.take("running", str, None),
        add=inner.strings("add"),
        first=None if first is None else share(inner, "first", first),
        same=(same[0], same[1]) if same else None,
        of=inner.take("of", str, None),
    )


def _weights(inner: TomlTable, key: str, given: object) -> Mapping[str, float]:
    table = TomlTable(given, f"{inner.name}.weights.{key}", inner.path)
    weights = {value: number(table, value, 0.0) for value in table.data}
    if not sum(weights.values()):
        raise inner.wrong(f"weights.{key}", "no weight is above 0", "a weight for each value")
    return weights


def _texts(inner: TomlTable) -> Mapping[str, Value]:
    words = {True: "true", False: "false"}
    return {
        key: words[value] if isinstance(value, bool) else str(value)
        for key, value in inner.take("values", dict, {}).items()
    }


def _delay(inner: TomlTable) -> timedelta | None:
    text = inner.take("delay", str, None)
    if text is None:
        return None
    count, _, unit = text.partition(" ")
    factor = _UNITS.get(unit.removesuffix("s"))
    try:
        found = timedelta(seconds=float(count) * (factor or 0))
    except ValueError:
        found = timedelta()
    if found <= timedelta():
        raise inner.wrong("delay", f'"{text}" is no span of time', 'such as "5 minutes"')
    return found


def _period(inner: TomlTable) -> Period:
    inner.only(*(f.name for f in fields(Period)))
    start, end = _moment(inner, "start"), _moment(inner, "end")
    if start and end and start >= end:
        raise inner.wrong("end", f"{end} is not after {start}", "an end after the start")
    plain = Period()
    return Period(
        start=start,
        end=end,
        growth=number(inner, "growth", plain.growth, above=0),
        week=_rhythm(inner, "week", plain.week),
        day=_rhythm(inner, "day", plain.day),
    )


def _moment(inner: TomlTable, key: str) -> datetime | None:
    given = inner.data.get(key)
    if given is None or isinstance(given, datetime):
        return given.astimezone(UTC).replace(tzinfo=None) if given and given.tzinfo else given
    if isinstance(given, date):
        return datetime(given.year, given.month, given.day)  # noqa: DTZ001 - UTC without a zone
    raise inner.wrong(key, f"{given!r} is no date", "a date or a time, such as 2026-11-01")


def _rhythm(inner: TomlTable, key: str, plain: tuple[float, ...]) -> tuple[float, ...]:
    given = inner.take(key, list, list(plain))
    good = all(isinstance(w, int | float) and w > 0 for w in given)
    if len(given) != len(plain) or not good:
        raise inner.wrong(
            key, f"{given} is no such list", f"{len(plain)} weights above 0, such as {plain[0]}"
        )
    return tuple(float(w) for w in given)
