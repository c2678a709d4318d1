"""Cases that passed take a shorter way than pytest's own protocol; only the clock may notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.projects.front_doors.copies import TABLES, Copy, copied
from tests.projects.front_doors.sessions import KEPT, SUITE, run, suited

if TYPE_CHECKING:
    from pathlib import Path

# What every listener hears, and whether pytest's own protocol was taken: that alone sets the
# variable while a test runs.
LISTENER = """
import json, os
heard = []

def pytest_runtest_logstart(nodeid, location):
    heard.append(["start", nodeid, list(location)])

def pytest_runtest_logreport(report):
    own = "PYTEST_CURRENT_TEST" in os.environ
    heard.append([report.when, report.nodeid, list(report.location), report.outcome,
                  sorted(report.keywords), own])

def pytest_runtest_logfinish(nodeid, location):
    heard.append(["finish", nodeid, list(location)])

def pytest_sessionfinish(session):
    with open("heard.json", "w") as file:
        json.dump(heard, file)
"""
CASES = ", phases=('cases',), kinds=('unique', 'not_null')"


@pytest.fixture
def cases(project: Copy) -> Copy:
    return suited(project, CASES)


def conftest(project: Copy, text: str) -> Copy:
    (project.root / "conftest.py").write_text(text, encoding="utf-8")
    return project


def heard(project: Copy, *arguments: str) -> list[list[object]]:
    done = run(project, "-q", *KEPT, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[list[object]] = json.loads((project.root / "heard.json").read_text())
    return found


def shortened(told: list[list[object]]) -> int:
    return sum(entry[0] == "call" and entry[-1] is False for entry in told)


def passed(output: str) -> int:
    line = output.splitlines()[-1]
    return int(line.split(" passed")[0].split()[-1])


def test_listeners_hear_the_same_either_way(cases: Copy) -> None:
    conftest(cases, LISTENER)
    short, own = heard(cases), heard(cases, "--setup-show")
    calls = sum(entry[0] == "call" for entry in own)
    assert calls > 5
    assert shortened(own) == 0
    assert shortened(short) == calls - 2  # the first and the last set up and tear down
    assert [entry[:5] for entry in short] == [entry[:5] for entry in own]


def test_every_case_has_one_entry_in_junit_with_its_time(cases: Copy) -> None:
    file = cases.root / "junit.xml"
    done = run(cases, "-q", f"--junitxml={file}", *KEPT)
    entries = list(ET.parse(file).getroot().iter("testcase"))
    assert len({entry.get("name") for entry in entries}) == len(entries) == passed(done.stdout)
    assert all(0 <= float(entry.get("time") or -1) < 5 for entry in entries)


def test_a_hook_that_skips_in_setup_is_honoured(cases: Copy) -> None:
    conftest(
        cases,
        "import pytest\n\ndef pytest_runtest_setup(item):\n"
        "    if 'unique' in item.name:\n        pytest.skip('not today')\n",
    )
    done = run(cases, "-q", "-rs", *KEPT)
    assert " passed" in done.stdout
    assert "not today" in done.stdout


TAKING_PART = {
    "setup": "def pytest_runtest_setup(item):\n    seen(item)\n",
    "call": "def pytest_runtest_call(item):\n    seen(item)\n",
    "teardown": "def pytest_runtest_teardown(item, nextitem):\n    seen(item)\n",
    "makereport": "@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
    "    seen(item) if call.when == 'call' else None\n    return (yield)\n",
    "protocol": "@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_protocol(item, nextitem):\n"
    "    seen(item)\n    return (yield)\n",
}


@pytest.mark.parametrize("hook", TAKING_PART.values(), ids=TAKING_PART)
def test_a_hook_that_takes_part_is_called_for_every_case(cases: Copy, hook: str) -> None:
    counted = (
        "import pytest\n\nnames = []\n\ndef seen(item):\n    names.append(item.name)\n\n"
        "def pytest_terminal_summary(terminalreporter):\n"
        "    terminalreporter.write_line(f'seen: {len(set(names))} {len(names)}')\n\n"
    )
    done = run(conftest(cases, counted + hook), "-q", *KEPT)
    assert done.returncode == 0, done.stdout + done.stderr
    number = passed(done.stdout)
    assert f"seen: {number} {number}" in done.stdout


def test_a_protocol_of_somebody_elses_is_given_every_case(cases: Copy) -> None:
    conftest(
        cases,
        "from _pytest.runner import runtestprotocol\n\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)\n"
        "    for again in range(2):\n"
        "        reports = runtestprotocol(item, nextitem=item if again == 0 else nextitem, "
        "log=again == 1)\n"
        "        assert [r.outcome for r in reports] == ['passed'] * 3\n"
        "    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)\n"
        "    item.config.stash_of_repeats = getattr(item.config, 'stash_of_repeats', 0) + 1\n"
        "    return True\n\n"
        "def pytest_terminal_summary(terminalreporter, config):\n"
        "    terminalreporter.write_line(f'repeated: {config.stash_of_repeats}')\n",
    )
    done = run(cases, "-q", *KEPT)
    assert done.returncode == 0, done.stdout
    assert f"repeated: {passed(done.stdout)}" in done.stdout


def test_markers_that_skip_are_honoured_on_the_module_and_on_a_case(cases: Copy) -> None:
    skip = "import pytest\n\npytestmark = pytest.mark.skip(reason='resting')\n"
    module = cases.root / "test_derived.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(skip + text, encoding="utf-8")
    done = run(cases, "-q", "-rs", *KEPT)
    assert done.returncode == 0
    assert "passed" not in done.stdout
    assert "resting" in done.stdout
    module.write_text(text, encoding="utf-8")
    conftest(
        cases,
        "import pytest\n\ndef pytest_collection_modifyitems(items):\n"
        "    items[3].add_marker(pytest.mark.skip(reason='resting'))\n",
    )
    done = run(cases, "-q", *KEPT)
    assert "1 skipped" in done.stdout
    assert passed(done.stdout) > 10


def test_tests_of_the_users_own_between_suites_are_set_up_and_torn_down_once(cases: Copy) -> None:
    own = (
        "import pytest\n\n@pytest.fixture(scope='module', autouse=True)\n"
        "def told():\n    print('UP')\n    yield\n    print('DOWN')\n\n"
        "def test_before():\n    pass\n\n"
    )
    for name in ("test_derived.py", "test_other.py"):
        text = own + SUITE.format(more=CASES) + "\n\ndef test_after():\n    pass\n"
        (cases.root / name).write_text(text, encoding="utf-8")
    done = run(cases, "-q", "-s", *KEPT)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("UP") == done.stdout.count("DOWN") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("-p", "no:terminal"),
        ("-p", "no:logging", "-s"),
        ("-q", "--durations=3"),
        ("-vv",),
        ("-n", "2"),
        ("--log-cli-level=INFO",),
        ("--pdb",),
        ("-W", "error"),
        ("--import-mode=append",),
    ],
    ids=" ".join,
)
def test_every_case_is_told_once_whatever_the_options(
    cases: Copy, arguments: tuple[str, ...]
) -> None:
    file = cases.root / "junit.xml"
    done = run(cases, f"--junitxml={file}", *KEPT, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    names = [entry.get("name") for entry in ET.parse(file).getroot().iter("testcase")]
    alone = run(cases, "--collect-only", "-q", *KEPT).stdout.splitlines()
    ids = [line.split("::")[2] for line in alone if line.startswith("test_derived.py::")]
    assert sorted(map(str, names)) == sorted(ids)


def test_a_case_that_fails_takes_pytests_own_way(tmp_path: Path, cache: Path) -> None:
    project = copied(tmp_path / "shop", cache)
    project.replace(TABLES, '            CONSTRAINT "one Name" UNIQUE ("Name"),\n', "")
    conftest(
        suited(project, CASES),
        "def pytest_exception_interact(node, call, report):\n"
        "    print(f'INTERACT {report.when} {type(call.excinfo.value).__name__}')\n",
    )
    done = run(project, "-q", "-s", *KEPT)
    assert done.returncode == 1
    failures = int(done.stdout.splitlines()[-1].split(" failed")[0])
    assert failures
    assert done.stdout.count("INTERACT call BrokenPromise") == failures
