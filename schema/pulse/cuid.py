"""Ids in the form Prisma's `cuid()` has: 25 characters, roughly in order of time.

`c`, milliseconds since 1970, a counter of the process, a mark of the process, and random
characters; all in base 36. Ids of one millisecond still differ, within a process and between two.
"""

import itertools
import os
import secrets
import socket
import time
import zlib

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BLOCK = 4

_count = itertools.count(secrets.randbelow(len(DIGITS) ** BLOCK))


def cuid() -> str:
    """Make a new id."""
    milliseconds = in_base_36(time.time_ns() // 1_000_000, 2 * BLOCK)
    counted = in_base_36(next(_count), BLOCK)
    # Asked for each time: a process that was forked is another process.
    process = in_base_36(os.getpid(), BLOCK // 2) + in_base_36(
        zlib.crc32(socket.gethostname().encode()), BLOCK // 2
    )
    chance = in_base_36(secrets.randbelow(len(DIGITS) ** (2 * BLOCK)), 2 * BLOCK)
    return f"c{milliseconds}{counted}{process}{chance}"


def in_base_36(number: int, width: int) -> str:
    """The last `width` digits of a number."""
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits
