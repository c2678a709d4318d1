"""Inside the enclosure: messages from pgassay, one JSON document a line, some with descriptors."""

from __future__ import annotations

import json
import socket
from typing import Any

_MOST = 2  # descriptors that come with one message


class Lines:
    """Reads messages from a channel, of which one is answered before the next is sent."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._buffer = b""

    def read(self) -> tuple[dict[str, Any], list[int]] | None:
        """Return the next message and its descriptors; None when the other side has hung up."""
        descriptors: list[int] = []
        while b"\n" not in self._buffer:
            data, came, _, _ = socket.recv_fds(self._channel, 65536, _MOST)
            descriptors += came
            if not data:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message, descriptors
