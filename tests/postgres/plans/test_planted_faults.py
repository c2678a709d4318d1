"""The study of plan faults in miniature: each way of seeing sees, and silence where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.plan_study import PlanFault, Study, Volume, read_faults
from pgassay.core.errors import ConfigError, MachineError
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from pgassay.run.bench import compiler
from pgassay.run.query_files import read_queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = (600, 6_000, 60_000)
SCHEMA = """
create table notes (
  id int primary key, owner int not null, at int not null, state text not null, body text not null
);
insert into notes
select g, 1 + g % ({rows} / 20), g, case when g % 200 = 0 then 'open' else 'done' end,
  repeat('x', 90) from generate_series(1, {rows}) g;
create index notes_of_owner on notes (owner, at);
create index notes_open on notes (at) where state = 'open';
"""
LATEST = """\
-- name: the latest notes of an owner
-- why: the first page
-- parameter owner: notes.owner
-- expect: index notes_of_owner
-- expect: at most 2 rows read per row

select id, body from notes where owner = :owner order by at desc limit 10;
"""
OPEN = """\
-- name: the oldest open notes
-- why: the queue
-- expect: at most 40 shared buffers

select id, body from notes where state = 'open' order by at limit 10;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        running = open_server(ServerKind.EMBEDDED, ServerDeclaration())
    except MachineError as error:
        pytest.skip(error.found)
    with running:
        for rows in ROWS:
            running.create_database(f"notes_{rows}")
            with running.connect(f"notes_{rows}") as connection:
                connection.execute(SCHEMA.replace("{rows}", str(rows)).encode())
                connection.execute("checkpoint")
                connection.execute("vacuum (analyze)")
        yield running


@pytest.fixture(scope="module")
def study(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Study:
    root = tmp_path_factory.mktemp("notes")
    (root / "latest.sql").write_text(LATEST)
    (root / "open.sql").write_text(OPEN)
    volumes = [Volume(server=server, database=f"notes_{rows}") for rows in ROWS]
    return Study(volumes, read_queries(root, root, compiler(root)), root, root)


def test_nothing_planted_is_silence(study: Study):
    assert study.told == []


def test_a_dropped_index_is_seen_in_every_way(study: Study):
    fault = PlanFault(kind="index dropped", query="latest", sql="drop index notes_of_owner")
    result = study.examine(fault)
    assert "buffers" in result.real
    assert result.ways == ("expectation", "baseline", "growth")
    assert 'there is no index "notes_of_owner"' in result.expectation[0]
    assert not result.survives


def test_swapped_key_columns_are_seen(study: Study):
    swapped = "drop index notes_of_owner;\ncreate index notes_of_owner on notes (at, owner)"
    result = study.examine(PlanFault(kind="swapped", query="latest", sql=swapped))
    assert {"expectation", "baseline"} <= set(result.ways)


def test_another_predicate_is_seen_by_what_the_query_reads(study: Study):
    other = "drop index notes_open;\ncreate index notes_open on notes (at) where state = 'done'"
    result = study.examine(PlanFault(kind="predicate", query="open", sql=other))
    assert set(result.ways) == {"expectation", "baseline", "growth"}
    assert any("open: touches" in told for told in result.expectation)


def test_a_cast_in_the_text_is_seen(study: Study):
    fault = PlanFault(
        kind="cast", query="latest", find="owner = :owner", put="owner::text = :owner"
    )
    result = study.examine(fault)
    assert result.ways == ("expectation", "baseline", "growth")


def test_a_setting_is_seen(study: Study):
    off = {"enable_indexscan": "off", "enable_bitmapscan": "off"}
    result = study.examine(PlanFault(kind="off", query="latest", settings=off))
    assert "baseline" in result.ways
    assert any("settings: enable_bitmapscan = off" in told for told in result.baseline)


def test_what_costs_nothing_is_no_fault(study: Study):
    more = PlanFault(kind="column added", query="latest", sql="alter table notes add extra int")
    same = PlanFault(kind="reworded", query="latest", find="owner = :owner", put=":owner = owner")
    for harmless in (more, same):
        result = study.examine(harmless)
        assert result.real == ""
        assert result.ways == ()


def test_what_is_written_wrongly_is_refused(study: Study, tmp_path: Path):
    with pytest.raises(ConfigError, match="no such query"):
        study.examine(PlanFault(kind="x", query="nobody", sql="select 1"))
    with pytest.raises(ConfigError, match="not in the file just once"):
        study.examine(PlanFault(kind="x", query="latest", find="nowhere", put=""))
    file = tmp_path / "faults.toml"
    for text, says in (
        ('[[fault]]\nkind = "x"\nquery = "latest"\n', "plants nothing"),
        ('[[fault]]\nkind = "x"\nquery = "latest"\nsqll = "y"\n', "unknown entry sqll"),
    ):
        file.write_text(text)
        with pytest.raises(ConfigError, match=says):
            read_faults(file)
