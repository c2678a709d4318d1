"""`pgassay populate`: rows asked for are rows got, made once, and never a half of them."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest
from pyarrow import parquet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects.front_doors.copies import Copy

LONGEST = "die_längste_Tabelle_deren_Name_genau_dreiundsechzig_Byte_misst"
TABLES = [f'"Straße"."{LONGEST}"', '"Straße"."select"', '"a""b"']
SMOKE = ("populate", "--profile", "smoke", "--no-wait")


def test_what_was_made_once_is_cloned(project: Copy) -> None:
    profile = project.root / "mine.toml"
    profile.write_text("rows = 37\nscale = 1\n", encoding="utf-8")
    asked = ("populate", "--profile", "mine.toml", "--no-wait")
    first = project.run(*asked)
    assert (first.returncode, first.stdout) == (0, "")
    assert "111 rows asked for" in first.stderr
    assert "111 copied, 3 relations" in first.stderr
    again = project.run(*asked)
    assert "1 mine cloned" in again.stderr
    assert "copied" not in again.stderr
    assert _summary(again.stderr) == _summary(first.stderr)
    assert [line.split()[:3] for line in _summary(first.stderr)] == [
        [name, "37", "37"] for name in TABLES
    ]

    profile.write_text("rows = 38\nscale = 1\n", encoding="utf-8")
    assert "114 copied, 3 relations" in project.run(*asked).stderr


def test_seed_and_nothing_else_decides_the_rows(sound: Copy, tmp_path: Path) -> None:
    found = []
    for number, options in enumerate(([], ["--workers", "1"], ["--seed", "1"])):
        path = tmp_path / f"{number}.json"
        # The cache would answer for the second.
        fresh = {"PGASSAY_CACHE": str(tmp_path / f"cache {number}")}
        done = sound.run(*SMOKE, "--digest", "--json", str(path), *options, **fresh)
        assert done.returncode == 0, done.stderr
        (system,) = json.loads(path.read_text())["systems"]
        assert [table["table"] for table in system["tables"]] == TABLES
        assert {table["rows"] for table in system["tables"]} == {20}
        found.append([table["digest"] for table in system["tables"]])
    assert found[0] == found[1]
    assert all(one != other for one, other in zip(found[0], found[2], strict=True))


def test_a_table_comes_with_what_it_refers_to(sound: Copy) -> None:
    done = sound.run(*SMOKE, "--tables", 'a"b')
    assert done.returncode == 2
    assert f"one of {', '.join(TABLES)}" in done.stderr
    done = sound.run(*SMOKE, "--tables", '"a""b"')
    assert [line.split()[1:3] for line in _summary(done.stderr)] == [
        ["0", "0"],
        ["20", "20"],
        ["20", "20"],
    ]


def test_the_database_is_there_until_ctrl_c(sound: Copy) -> None:
    process = sound.start("populate", "--profile", "smoke")
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            row = connection.execute('select count(*) from "Straße"."select"').fetchone()
            assert row == (20,)
            # The sequence stands beyond the rows, and the indexes are there.
            connection.execute("""insert into "Straße"."select" ("Name") values ('another')""")

    finally:
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "nothing is left behind" in err
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)


def test_ctrl_c_in_the_middle_leaves_nothing(project: Copy, tmp_path: Path) -> None:
    (project.root / "many.toml").write_text("rows = 4000000\nscale = 1\n", encoding="utf-8")
    kept = tmp_path / "cache"
    process = subprocess.Popen(
        project.command("populate", "--profile", "many.toml", "--to", "csv", "out"),
        cwd=project.root,
        env=project.environment(PGASSAY_CACHE=str(kept)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    while "rows asked for" not in (line := process.stderr.readline()):
        assert line, "it ended before it began"
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert err.strip().endswith("interrupted; nothing was left behind")
    assert not (project.root / "out").exists()
    assert list((kept / "volumes").glob("*.pack")) == []


def test_every_table_becomes_a_file(project: Copy) -> None:
    assert project.run(*SMOKE, "--to", "csv", "out").returncode == 0
    assert sorted(p.name for p in (project.root / "out").iterdir()) == [
        "Stra%C3%9Fe.die_l%C3%A4ngste_Tabelle_deren_Name_genau_dreiundsechzig_Byte_misst.csv",
        "Stra%C3%9Fe.select.csv",
        "a%22b.csv",
    ]
    with (project.root / "out" / "Stra%C3%9Fe.select.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "Name", "größe"]
    assert len({row["id"] for row in rows}) == 20

    done = project.run(*SMOKE, "--to", "csv", "out")
    assert done.returncode == 2
    assert "the folder is not empty" in done.stderr


def test_parquet_has_the_types_of_the_columns(project: Copy) -> None:
    done = project.run(*SMOKE, "--to", "parquet", "out")
    assert done.returncode == 0, done.stderr
    table = parquet.read_table(project.root / "out" / "Stra%C3%9Fe.select.parquet")
    assert [str(field.type) for field in table.schema] == [
        "int32",
        "string",
        "decimal128(6, 2)",
    ]
    assert table.num_rows == 20
    (longest,) = (project.root / "out").glob("*Byte_misst.parquet")
    times = parquet.read_table(longest).schema.field("at").type
    assert str(times) == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--seed", "many"], "'many' is not a valid integer"),
        (["--profile", "smal"], 'did you mean "small"?'),
        (["--workers", "0"], "0 is not in the range x>=1"),
        (["--to", "xlsx", "out"], "'xlsx' is not one of 'csv', 'parquet'"),
        (["--tables", "selct"], 'there is no table "selct"'),
    ],
)
def test_what_cannot_be_is_refused(sound: Copy, arguments: list[str], told: str) -> None:
    done = sound.run("populate", "--no-wait", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_a_terminal_sees_bars_and_no_file_does(sound: Copy, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    fresh = sound.environment(PGASSAY_CACHE=str(tmp_path), TERM="xterm", COLUMNS="120")
    process = subprocess.Popen(
        sound.command(*SMOKE), cwd=sound.root, env=fresh, stdin=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait(60) == 0
    assert "━".encode() in shown
    assert b"\x1b" not in sound.run(*SMOKE).stderr.encode()


def test_the_gate_is_green_beside_rows(sound: Copy) -> None:
    done = sound.run("gate", "--populate", "smoke")
    assert done.returncode == 0, done.stdout
    assert "rows" in done.stdout
    assert "shop: clean" in done.stdout


def test_a_rule_that_rows_break_turns_the_gate_red_beside_them_alone(project: Copy) -> None:
    (project.root / "rules" / "few.sql").write_text(
        "-- title: there are few of them\n-- why: so it is\n"
        '-- breaks: update "a""b" set id = 1000 + id\n'
        'select id from "a""b" where id > 12\n',
        encoding="utf-8",
    )
    assert project.run("gate", "--phase", "rules").returncode == 0
    done = project.run("gate", "--phase", "rules", "--populate", "smoke")
    assert done.returncode == 1, done.stdout
    assert "there are few of them" in done.stdout


def _summary(told: str) -> list[str]:
    """The lines of the table, one for each of the project's tables."""
    return [line.strip() for line in told.splitlines() if line.strip().startswith(tuple(TABLES))]
