"""Where a row's number goes in a text that must not repeat."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-_ .#]?\d+\Z")


def head_and_tail(text: str, length: int | None, digits: int) -> tuple[str, str]:
    """Return what stands before and after the number, within a length.

    The number of an address stands before its @, of anything else at the end, in place of a
    number that is there already. As the head ends in no digit, two numbers never read alike.
    """
    head, at, tail = text.rpartition("@")
    if not at:
        head, tail = text, ""
    head = _NUMBER.sub("", head)
    while head and head[-1].isdigit():
        head = _NUMBER.sub("", head)
    joint = "" if at or not head or not head[-1].isalnum() else "-"
    room = None if length is None else length - digits - len(at + tail)
    if room is not None and room < 0:
        return "", ""
    if room is not None and len(head) + len(joint) > room:
        head, joint = head[:room].rstrip("0123456789"), ""
    return head + joint, at + tail
