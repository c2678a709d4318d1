"""The Docker engine over its plain HTTP interface: does it answer, has it an image, remove mine.

Standard library only, because it is asked at every start where no server was chosen (importing
the Docker SDK alone takes longer than a gate may) and because the watcher runs this file as a
script to remove the containers of an owner that was killed: `python engine.py remove RUN_ID`.
Source: Docker Engine API (ping, image inspect, container list and delete).
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import ssl
import sys
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

NEWEST_MAJOR = 18
LABEL = "pgassay.run"
_DEFAULT = "unix:///var/run/docker.sock"
_QUICK_SECONDS = 2.0
_PATIENT_SECONDS = 30.0
_OK, _NOT_FOUND = 200, 404


class EngineState(Enum):
    """What an engine said when asked."""

    SILENT = "does not answer"
    NO_IMAGE = "answers, without the image"
    READY = "answers and has the image"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Where a Docker engine is.

    Attributes:
        address: unix://, tcp://, http://, https:// or ssh://.
        certificates: folder of ca.pem, cert.pem, key.pem, for TLS.
    """

    address: str
    certificates: str | None = None

    def request(self, method: str, path: str, *, seconds: float) -> tuple[int, bytes]:
        """Return status and body.

        Raises:
            OSError: nobody answers.
        """
        connection = self._connection(seconds)
        try:
            connection.request(method, path, headers={"Host": "docker"})
            response = connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as error:
            raise OSError(f"not a Docker engine: {error!r}") from error
        finally:
            connection.close()

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            return _UnixConnection(parts.path, seconds)
        if parts.scheme not in {"tcp", "http", "https"}:
            raise OSError(f"{parts.scheme}:// is not asked automatically")
        host = parts.hostname or "localhost"
        if self.certificates is None and parts.scheme != "https":
            return http.client.HTTPConnection(host, parts.port or 2375, timeout=seconds)
        context = ssl.create_default_context()
        if self.certificates is not None:
            folder = Path(self.certificates)
            context.load_verify_locations(folder / "ca.pem")
            context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        return http.client.HTTPSConnection(
            host, parts.port or 2376, timeout=seconds, context=context
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """An engine, what it said, and that in words."""

    engine: Engine
    state: EngineState
    story: str


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def probe_engine(image: str) -> Probe:
    """Ask the engine of this environment whether it is there and has `image`; never pulls."""
    engine = find_engine()
    try:
        status, _ = engine.request("GET", "/_ping", seconds=_QUICK_SECONDS)
        if status != _OK:
            raise OSError(f"it says {status}")  # noqa: TRY301 - one story for all that fails
        found, _ = engine.request(
            "GET", f"/images/{quote(image, safe='/:@')}/json", seconds=_QUICK_SECONDS
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        return Probe(
            engine=engine,
            state=EngineState.SILENT,
            story=f"no Docker engine answers at {engine.address} ({reason})",
        )
    if found == _OK:
        return Probe(engine=engine, state=EngineState.READY, story=f"it has the image {image}")
    return Probe(
        engine=engine, state=EngineState.NO_IMAGE, story=f"it does not have the image {image}"
    )


def has_image(engine: Engine, image: str) -> bool:
    """Whether the engine has an image; False too if it cannot be asked."""
    try:
        status, _ = engine.request(
            "GET", f"/images/{quote(image, safe='/:@')}/json", seconds=_QUICK_SECONDS
        )
    except (OSError, ValueError):
        return False
    return status == _OK


def find_engine() -> Engine:
    """Return the engine that Docker's own client would use.

    In this order: `tc.host` of testcontainers' properties, DOCKER_HOST, the current context of
    Docker's client, the default socket.
    """
    certificates = os.environ.get("DOCKER_CERT_PATH") or str(Path.home() / ".docker")
    tls = certificates if os.environ.get("DOCKER_TLS_VERIFY") else None
    address = _testcontainers_host() or os.environ.get("DOCKER_HOST") or _context_host() or _DEFAULT
    return Engine(address=address, certificates=tls)


def remove_run(engine: Engine, run_id: str, *, seconds: float = 20.0) -> int:
    """Remove the containers of a run, one that is being made at this moment too; return how many.

    Raises:
        OSError: the engine does not answer.
    """
    removed = 0
    deadline = time.monotonic() + seconds
    quiet_rounds = 0
    filters = urlencode({"all": "1", "filters": json.dumps({"label": [f"{LABEL}={run_id}"]})})
    while quiet_rounds < 3 and time.monotonic() < deadline:  # noqa: PLR2004 - it may still appear
        status, body = engine.request(
            "GET", f"/containers/json?{filters}", seconds=_PATIENT_SECONDS
        )
        found = json.loads(body) if status == _OK else []
        for container in found:
            path = f"/containers/{container['Id']}?force=1&v=1"
            engine.request("DELETE", path, seconds=_PATIENT_SECONDS)
            removed += 1
        quiet_rounds = 0 if found else quiet_rounds + 1
        time.sleep(0.3)
    return removed


def _testcontainers_host() -> str | None:
    try:
        text = (Path.home() / ".testcontainers.properties").read_text(encoding="utf-8")
    except (OSError, RuntimeError):
        return None
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "tc.host":
            return value.strip()
    return None


def _context_host() -> str | None:
    """Return the address of the client's current context (docker context)."""
    try:
        folder = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
        name = os.environ.get("DOCKER_CONTEXT")
        if not name:
            settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            name = settings.get("currentContext")
        if not name or name == "default":
            return None
        digest = hashlib.sha256(name.encode()).hexdigest()
        meta = json.loads(
            (folder / "contexts" / "meta" / digest / "meta.json").read_text(encoding="utf-8")
        )
        host = meta["Endpoints"]["docker"]["Host"]
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):
        return None
    return str(host)


if __name__ == "__main__" and sys.argv[1:2] == ["remove"]:
    remove_run(Engine(address=sys.argv[3], certificates=sys.argv[4] or None), sys.argv[2])
