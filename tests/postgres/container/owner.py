"""A process that owns a container server, for the tests that end it in every way there is.

    python owner.py MAJOR [fork]

prints one line of JSON about the server and waits until its standard input closes. With `fork` a
child that inherited everything closes it and stays alive. All that any logger says goes to
standard error.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time

from pgassay.postgres.servers import Server, ServerDeclaration, open_server


def main() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    declaration = ServerDeclaration(postgres=int(sys.argv[1]))
    with open_server("container", declaration) as server:
        facts = {
            "run_id": server.run_id,
            "conninfo": server.conninfo("postgres", tcp=True),
            "password": server.parameters("postgres", tcp=True)["password"],
            "why": server.why,
            "repr": repr(server),
            "safe_url": server.safe_url("postgres"),
        }
        if sys.argv[2:] == ["fork"]:
            fork_a_child_that_closes(server)
        sys.stdout.write(f"{json.dumps(facts)}\n")
        sys.stdout.flush()
        sys.stdin.read()


def fork_a_child_that_closes(server: Server) -> None:
    """The child closes the server it inherited, says so, and lives on."""
    heard, said = os.pipe()
    if os.fork() == 0:
        server.close()
        os.write(said, b"closed")
        time.sleep(60)
        os._exit(0)
    os.read(heard, 6)


if __name__ == "__main__":
    main()
