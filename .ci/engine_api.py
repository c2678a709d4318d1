"""The few requests of the Docker Engine API that the scripts beside this file make.

Spoken straight to the engine's socket (Docker Engine API v1.41, which every engine since 20.10
understands), so that neither a docker command nor a Python package is needed.
"""

from __future__ import annotations

import http.client
import json
import socket
import urllib.parse
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = "v1.41"


class EngineApiError(Exception):
    """The engine answered with an error; its own words are the message."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def engine_version(path: Path, *, timeout: float = 5.0) -> str:
    """The version of the engine behind the socket. Raises OSError when nothing answers."""
    status, body = _request(path, "GET", "/version", timeout=timeout)
    _expect(status, body)
    return str(cast("dict[str, object]", json.loads(body))["Version"])


def image_labels(path: Path, image: str) -> dict[str, str] | None:
    """The labels of an image, or None when the engine does not have it."""
    status, body = _request(path, "GET", f"/images/{urllib.parse.quote(image, safe='')}/json")
    if status == http.client.NOT_FOUND:
        return None
    _expect(status, body)
    config = json.loads(body).get("Config") or {}
    return cast("dict[str, str]", config.get("Labels") or {})


def remove_image(path: Path, image: str) -> None:
    """Removes an image, unless a container still uses it."""
    status, body = _request(path, "DELETE", f"/images/{urllib.parse.quote(image, safe='')}")
    if status != http.client.CONFLICT:
        _expect(status, body)


def remove_containers(path: Path) -> int:
    """Removes every container, running ones too, and every volume; returns how many containers."""
    status, body = _request(path, "GET", "/containers/json?all=1")
    _expect(status, body)
    identifiers = [str(container["Id"]) for container in json.loads(body)]
    for identifier in identifiers:
        status, body = _request(path, "DELETE", f"/containers/{identifier}?force=1&v=1")
        if status not in (http.client.NOT_FOUND, http.client.CONFLICT):  # it is going by itself
            _expect(status, body)
    status, body = _request(path, "GET", "/volumes")
    _expect(status, body)
    for volume in json.loads(body)["Volumes"] or ():
        _request(path, "DELETE", f"/volumes/{urllib.parse.quote(volume['Name'], safe='')}")
    return len(identifiers)


def load_images(path: Path, archive: IO[bytes]) -> None:
    """Loads an archive in the form that `docker save` writes."""
    status, body = _request(path, "POST", "/images/load?quiet=1", body=archive, timeout=300.0)
    _expect(status, body)
    # Errors after the first byte come inside the stream of a 200 answer.
    for line in body.splitlines():
        message = json.loads(line) if line.strip() else {}
        if "error" in message:
            raise EngineApiError(str(message["error"]))


def _request(
    path: Path, method: str, url: str, *, body: IO[bytes] | None = None, timeout: float = 30.0
) -> tuple[int, bytes]:
    connection = _UnixConnection(path, timeout)
    try:
        headers = {"Content-Type": "application/x-tar"} if body else {}
        connection.request(method, f"/{_VERSION}{url}", body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _expect(status: int, body: bytes) -> None:
    if status not in (http.client.OK, http.client.NO_CONTENT):
        raise EngineApiError(f"HTTP {status}: {body.decode(errors='replace').strip()[:500]}")
