"""The bridge interface that an engine's containers hang on, in a subnet nobody here uses."""

from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import shutil
import subprocess
from pathlib import Path

from provision_postgres import ProvisionError

# Private ranges (RFC 1918) that containers may be numbered from: the first that is free here.
_SUBNETS = (
    *(f"172.31.{number}.0/24" for number in range(240, 255)),
    *("10.251.31.0/24", "192.168.251.0/24"),
)
_LOCK = Path("/run/pgassay-bridge.lock")


def add_bridge(name: str) -> None:
    """Makes the interface. Raises ProvisionError when the kernel or the subnets do not allow it."""
    # Two engines that start at once must not find the same subnet free.
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subnet = _free_subnet()
        _ip("link", "add", name, "type", "bridge")
        _ip("address", "add", f"{subnet[1]}/{subnet.prefixlen}", "dev", name)
        _ip("link", "set", name, "up")


def remove_bridge(name: str) -> None:
    """Removes the interface if it is there."""
    if Path("/sys/class/net", name).exists():
        _ip("link", "delete", name)


def _free_subnet() -> ipaddress.IPv4Network:
    """The first candidate that overlaps with no route of this machine but the default one."""
    routes = json.loads(_ip("-json", "-4", "route", "show", "table", "all"))
    taken = [
        ipaddress.IPv4Network(route["dst"], strict=False)
        for route in routes
        if route["dst"] not in ("default", "0.0.0.0/0")
    ]
    for candidate in map(ipaddress.IPv4Network, _SUBNETS):
        if not any(candidate.overlaps(network) for network in taken):
            return candidate
    raise ProvisionError(
        f"no subnet for containers is free on this machine, of {_SUBNETS[0]} to {_SUBNETS[-1]}"
    )


def _ip(*arguments: str) -> str:
    program = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "ip"
    run = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise ProvisionError(f"ip {' '.join(arguments)}: {run.stderr.strip()}")
    return run.stdout
