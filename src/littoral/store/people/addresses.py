"""What an address counts as, where attempts and requests are limited."""

from __future__ import annotations

import ipaddress

# One subscriber has a /64 at least (RFC 4291, section 2.5.4; RFC 6177): 2^64 to come from.
SUBSCRIBER_BITS = 64


def subscriber(address: str) -> str:
    """An IPv4 address itself, also one written as IPv6 (RFC 4291, section 2.5.5.2); of IPv6 the
    /64. Text that is no address stands for itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    bare = found.packed[: SUBSCRIBER_BITS // 8]
    return f"{ipaddress.IPv6Address(bare.ljust(16, bytes(1)))}/{SUBSCRIBER_BITS}"
