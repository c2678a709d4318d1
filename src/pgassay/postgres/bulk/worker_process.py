"""The process of one worker: makes rows and copies them, one stream after the other.

It talks to its owner over a socket and ends when that is closed, so it never outlives the load.
"""

from __future__ import annotations

import contextlib
import pickle
import signal
import socket
import sys
import traceback
from multiprocessing.connection import Connection as Channel
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.errors import PgassayError
from pgassay.postgres.bulk.orders import Failed, Finished, Opening, Order, Sent
from pgassay.postgres.bulk.placing import place
from pgassay.postgres.bulk.refusals import in_words

if TYPE_CHECKING:
    from pgassay.core.volume import VolumeSource


def main() -> None:
    """Serve the owner at the other end of the socket whose number is the only argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner decides when to end
    channel = Channel(socket.socket(fileno=int(sys.argv[1])).detach())
    try:
        opening: Opening = channel.recv()
        sys.path[:] = opening.path
        source: VolumeSource = pickle.loads(opening.source)  # noqa: S301 - our owner made it
        connection = psycopg.connect(opening.conninfo, autocommit=True)
        for setting in opening.settings:
            connection.execute(setting.encode())
        while (order := channel.recv()) is not None:
            channel.send(_obey(order, source, connection, channel))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the owner is gone, and the transaction with us
    except BaseException as failure:  # noqa: BLE001 - told to the owner, who raises it
        with contextlib.suppress(OSError):  # who may be gone as well
            channel.send(_failed(failure, "a worker"))


def _obey(order: Order, source: VolumeSource, connection: Any, channel: Channel) -> object:
    try:
        place(
            connection,
            source,
            order,
            lambda rows, size: channel.send(Sent(rows=rows, size=size)),
        )
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Exception as failure:  # noqa: BLE001 - told to the owner, who raises it
        return _failed(failure, str(order.stream.relation))
    return Finished()


def _failed(failure: BaseException, where: str) -> Failed:
    if isinstance(failure, psycopg.Error):
        failure = in_words(failure, where)
    if isinstance(failure, PgassayError):
        return Failed(error=failure, trace="")
    return Failed(error=None, trace="".join(traceback.format_exception(failure)))


if __name__ == "__main__":
    main()
