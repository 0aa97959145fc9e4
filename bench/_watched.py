"""`littoral` as the command line runs it, with every connection that it opens written down: to the
file that LITTORAL_CONNECTIONS names, a line each, all but those to this machine."""

from __future__ import annotations

import ipaddress
import os
import sys
from typing import Any

from littoral.cli import main


def is_here(address: Any) -> bool:
    """A socket of this machine's own: a path, or a loopback address."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


def watch(event: str, given: tuple[Any, ...]) -> None:
    """A name is asked for, or a connection opened or a datagram sent, elsewhere."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        outside = len(given) > 1 and given[1] is not None and not is_here(given[1])
    elif event == "socket.getaddrinfo":
        outside = not is_here((given[0] or "localhost",))
    else:
        return
    if outside:
        with open(os.environ["LITTORAL_CONNECTIONS"], "a") as out:
            out.write(f"{event} {given[1:] if event != 'socket.getaddrinfo' else given[0]}\n")


if __name__ == "__main__":
    sys.addaudithook(watch)
    sys.exit(main())
