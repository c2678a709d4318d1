"""`pgassay catalog`, `serve`, `explain`, `doctor` and the program around them."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.run.pages import pages

if TYPE_CHECKING:
    from tests.projects.front_doors.copies import Copy

LONGEST = "die_längste_Tabelle_deren_Name_genau_dreiundsechzig_Byte_misst"


def test_the_catalog_lists_every_table_under_its_quoted_name(sound: Copy) -> None:
    done = sound.run("catalog")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split("  ")[1] for line in lines[1:-1]] == [
        f'"Straße"."{LONGEST}"',
        '"Straße"."select"',
        '"a""b"',
    ]
    assert "3 columns, 2 constraints, 1 index" in done.stdout
    assert "1 sequence" in lines[-1]


@pytest.mark.parametrize("name", ['a"b', '"a""b"', 'public.a"b'])
def test_one_table_is_found_by_its_name_as_people_or_as_sql_write_it(
    sound: Copy, name: str
) -> None:
    done = sound.run("catalog", name)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('"a""b" (ordinary)\n')
    assert "FOREIGN KEY" in done.stdout


def test_the_catalog_is_json_where_asked(sound: Copy) -> None:
    whole = json.loads(sound.run("catalog", "--json").stdout)
    assert [table["name"] for table in whole["tables"]] == [
        ["Straße", LONGEST],
        ["Straße", "select"],
        ["public", 'a"b'],
    ]
    one = json.loads(sound.run("catalog", "select", "--json").stdout)
    assert one in whole["tables"]


def test_a_table_is_shown_with_all_that_a_delete_of_its_row_reaches(sound: Copy) -> None:
    done = sound.run("catalog", "select")
    *_, head, first, second = done.stdout.splitlines()
    assert head == "a delete of one row reaches"
    assert first.split()[:2] == ['"a""b"', "deleted"]
    assert f'"Straße"."{LONGEST}"  set null a"b' in second
    assert " > " in second


def test_a_misspelt_table_gets_a_suggestion(sound: Copy) -> None:
    done = sound.run("catalog", '"Straße"."selct"')
    assert done.returncode == 2
    assert 'did you mean ""Straße"."select""' in done.stderr


def _below(parent: int) -> set[int]:
    """The processes that work in a folder which the process made, and its children."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        pid, ppid = map(int, line.split())
        children.setdefault(ppid, []).append(pid)
    found, queue = set(), [parent]
    while queue:
        for pid in children.get(queue.pop(), []):
            found.add(pid)
            queue.append(pid)
    return found


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_served_database_can_be_used_and_ends_with_the_command(
    sound: Copy, signal_number: signal.Signals
) -> None:
    process = sound.start("serve")
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, process.communicate()[1]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("""insert into "Straße"."select" ("Name") values ('somebody')""")
            row = connection.execute('select "größe" from "Straße"."select"').fetchone()
            assert row is not None
            assert str(row[0]) == "1.50"
            place = connection.execute("show data_directory").fetchone()
        assert place is not None
        assert Path(str(place[0])).exists()
        servers = _below(process.pid)
        assert servers
        process.send_signal(signal_number)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, err
    assert out == ""
    assert "Traceback" not in err
    assert not Path(str(place[0])).exists()
    deadline = time.monotonic() + 10
    while not all(map(_gone, servers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(map(_gone, servers))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_the_gate_ends_on_ctrl_c_with_nothing_left_behind(project: Copy) -> None:
    project.replace("migrations/versions/0001_tables.py", "def upgrade() -> None:\n",
                    "def upgrade() -> None:\n    op.execute('select pg_sleep(60)')\n")  # fmt: skip
    process = project.start("gate")
    try:
        deadline = time.monotonic() + 30
        while not (servers := _asleep(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert servers, "the migration never slept"
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        _, err = process.communicate(timeout=10)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130
    assert err.strip().endswith("interrupted; nothing was left behind")
    deadline = time.monotonic() + 10
    while not all(map(_gone, servers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(map(_gone, servers))


def _asleep(parent: int) -> set[int]:
    """The processes below one, once a server process among them runs the sleeping statement."""
    found = _below(parent)
    for pid in found:
        try:
            title = Path(f"/proc/{pid}/cmdline").read_bytes()
            waiting = Path(f"/proc/{pid}/wchan").read_text(encoding="ascii")
        except OSError:
            continue
        if b"SELECT" in title and "poll" in waiting:
            return found
    return set()


@pytest.mark.parametrize("slug", sorted(pages()))
def test_every_slug_has_a_page_of_more_than_a_line(slug: str) -> None:
    page = pages()[slug]
    first, *rest = page.splitlines()
    assert first.endswith((".", ":")), first
    assert any(line.strip() for line in rest), "what it proves, and why it matters"


def test_explain_prints_the_page_of_a_slug_and_lists_them_all(sound: Copy) -> None:
    one = sound.run("explain", "foreign_key")
    assert one.returncode == 0
    assert one.stdout.splitlines()[0] == pages()["foreign_key"].splitlines()[0]
    listed = sound.run("explain").stdout.splitlines()
    assert [line.split()[0] for line in listed] == sorted(pages())


def test_explain_needs_no_project(sound: Copy, tmp_path: Path) -> None:
    assert sound.run("explain", "unique", cwd=tmp_path).returncode == 0


def test_a_misspelt_slug_gets_a_suggestion(sound: Copy) -> None:
    done = sound.run("explain", "uniqe")
    assert done.returncode == 2
    assert 'did you mean "unique"?' in done.stderr


def test_the_doctor_says_what_can_be_used_and_why_not(sound: Copy, tmp_path: Path) -> None:
    done = sound.run("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    told = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines() if line[:1] > " "}
    assert told["embedded"] == "yes"
    assert {"container", "embedded", "system", "user", "place", "cache", "machine"} <= set(told)
    assert set(told.values()) <= {"yes", "no"}


def test_help_names_every_command_and_the_exit_codes(sound: Copy) -> None:
    whole = sound.run("--help")
    assert whole.returncode == 0
    for name in ("gate", "drift", "check", "accept", "catalog", "lock", "serve", "explain"):
        assert f"\n  {name} " in whole.stdout
    assert "0 clean, 1 findings" in whole.stdout


@pytest.mark.parametrize("name", ["gate", "drift", "check", "accept", "catalog", "serve"])
def test_the_help_of_a_command_has_an_example(sound: Copy, name: str) -> None:
    done = sound.run(name, "--help")
    assert done.returncode == 0
    assert "Example: " in done.stdout


def _on_a_terminal(project: Copy, *arguments: str, **environment: str) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        project.command(*arguments),
        cwd=project.root,
        env=project.environment(TERM="xterm-256color", **environment),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    try:
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed: EIO, pty(7)
                break
            if not piece:
                break
            printed += piece
    finally:
        process.wait(timeout=60)
        os.close(ours)
    return printed.decode()


def test_a_terminal_gets_colour(sound: Copy) -> None:
    printed = _on_a_terminal(sound, "gate", "--phase", "drift")
    assert "\x1b[1;32mshop: clean" in printed


def test_no_color_is_respected_on_a_terminal(sound: Copy) -> None:
    printed = _on_a_terminal(sound, "gate", "--phase", "drift", NO_COLOR="1")
    assert "shop: clean" in printed
    assert "\x1b[32m" not in printed
    assert "\x1b[1;32m" not in printed


def test_no_color_is_respected_by_errors_and_diffs(sound: Copy, project: Copy) -> None:
    assert "\x1b" not in _on_a_terminal(sound, "explain", "uniqe", NO_COLOR="1")
    assert "\x1b[31m" not in _on_a_terminal(sound, "doctor", NO_COLOR="1")
    (project.root / "contract.lock").write_text("")
    assert "\x1b" not in _on_a_terminal(project, "lock", NO_COLOR="1")


def test_a_reader_who_stops_reading_is_no_error(sound: Copy) -> None:
    process = sound.start("catalog", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 0
    assert "Traceback" not in told
    assert "Exception ignored" not in told
