#!/usr/bin/env python3
"""Starts a Docker engine of our own for the tests that want a real container, and stops it.

    python3 .ci/docker_engine.py run [--required] -- COMMAND...   engine around one command
    eval "$(python3 .ci/docker_engine.py start)"                  engine until `stop`
    python3 .ci/docker_engine.py stop | status

It has its own socket, data, bridge and images, so it never meets an engine that is there already,
and it touches nothing global: no iptables, no forwarding, no address outside this machine.
Published ports listen on 127.0.0.1 only; containers have no way out. `run` stops it afterwards,
also after Ctrl-C; after kill -9 the kernel tells the engine to stop.

Where it cannot start (not root, not Debian, no cgroups, ...) `start` and `run --required` exit 75
and say why; plain `run` runs the command all the same with PGASSAY_CONTAINER_UNAVAILABLE holding
the reason, for the tests to skip with. Other exit codes: 1 a failure, 2 wrong use; `run` gives the
command's own.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import build_images
import engine_process
from engine_process import Engine, EngineUnavailableError
from provision_postgres import SUPPORTED_MAJORS, ProvisionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

EXIT_UNAVAILABLE = 75  # EX_TEMPFAIL of sysexits.h: "not here, not now"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line above; returns the exit code."""
    options = _parse(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return int(_ACTIONS[options.action](Engine(options.dir / "engine"), options))
    except EngineUnavailableError as error:
        print(f"docker_engine: no container engine here: {error}", file=sys.stderr)
        return EXIT_UNAVAILABLE
    except (ProvisionError, OSError) as error:
        print(f"docker_engine: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="A Docker engine of our own for the tests.",
        epilog="Example: python3 .ci/docker_engine.py run -- pytest tests/postgres/container",
    )
    parser.add_argument(
        "--dir",
        type=Path,
        default=_default_directory(),
        help="where everything is kept: %(default)s",
    )
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("stop", help="stop the engine that start left running")
    actions.add_parser("status", help="say whether it runs")
    start = actions.add_parser("start", help="start it; prints what to export")
    run = actions.add_parser("run", help="start it, run a command, stop it")
    for action in (start, run):
        action.add_argument(
            "--images",
            type=int,
            nargs="*",
            default=list(SUPPORTED_MAJORS),
            choices=SUPPORTED_MAJORS,
            metavar="MAJOR",
            help="build postgres:MAJOR; default: 16 17 18",
        )
    run.add_argument("--required", action="store_true", help="exit 75 where no engine can run")
    run.add_argument("command", nargs="+", metavar="COMMAND")
    options = parser.parse_args(arguments)
    options.dir = options.dir.resolve()
    return options


def _default_directory() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(os.environ.get("PGASSAY_CI_DIR") or Path(cache) / "pgassay-ci")


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _status(engine: Engine, _options: argparse.Namespace) -> int:
    pid = engine.running_pid()
    print(f"running, pid {pid}, {engine.host}" if pid else f"not running ({engine.home})")
    return 0 if pid else 1


def _stop(engine: Engine, _options: argparse.Namespace) -> int:
    was_running = engine_process.stop(engine)
    print(f"engine {'stopped' if was_running else 'was not running'}", file=sys.stderr)
    return 0


def _start(engine: Engine, options: argparse.Namespace) -> int:
    _bring_up(engine, options, dies_with_us=False)
    for name, value in _environment(engine).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _run(engine: Engine, options: argparse.Namespace) -> int:
    if engine.running_pid():
        # Somebody's `start`; it is theirs to stop.
        _bring_up(engine, options, dies_with_us=False)
        return _call(options.command, _environment(engine))
    with engine_process.sole_user(engine):
        try:
            try:
                _bring_up(engine, options, dies_with_us=True)
                extra = _environment(engine)
            except EngineUnavailableError as error:
                if options.required:
                    raise
                print(f"docker_engine: running without containers: {error}", file=sys.stderr)
                extra = {"PGASSAY_CONTAINER_UNAVAILABLE": str(error)}
            return _call(options.command, extra)
        finally:
            engine_process.stop(engine)


def _bring_up(engine: Engine, options: argparse.Namespace, *, dies_with_us: bool) -> None:
    began = time.monotonic()
    version = engine_process.start(engine, dies_with_us=dies_with_us)
    _say(f"Docker engine {version} answers at {engine.host} ({time.monotonic() - began:.1f} s)")
    began = time.monotonic()
    built = build_images.ensure_images(engine.socket, options.dir, options.images)
    what = f"built {', '.join(built)}" if built else "images already there"
    _say(f"{what} ({time.monotonic() - began:.1f} s)")


def _environment(engine: Engine) -> dict[str, str]:
    return {
        "DOCKER_HOST": engine.host,
        # Ports are published on 127.0.0.1 and nowhere else. Left to itself testcontainers takes
        # the bridge's address where /.dockerenv makes the machine look like a container.
        "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1",
        "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
        # An engine that was asked for and is up: from here on a skipped container test is a fault.
        "PGASSAY_REQUIRE_CONTAINER": "1",
    }


def _call(command: Sequence[str], extra: Mapping[str, str]) -> int:
    """Runs the command and returns its exit code as a shell would give it."""
    try:
        child = subprocess.Popen(list(command), env={**os.environ, **extra})
    except OSError as error:
        print(f"docker_engine: cannot run {command[0]}: {error}", file=sys.stderr)
        return 127

    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    # The terminal sends Ctrl-C to the command as well: wait for it to finish its own cleaning.
    signal.signal(signal.SIGINT, lambda *_: None)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _say(text: str) -> None:
    # On stderr: stdout of `start` is for eval.
    print(text, file=sys.stderr, flush=True)


_ACTIONS = {"status": _status, "stop": _stop, "start": _start, "run": _run}

if __name__ == "__main__":
    raise SystemExit(main())
