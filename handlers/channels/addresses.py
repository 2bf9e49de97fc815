"""Which network addresses we may be sent to by a name: none that only we can reach, unless the operator named its network.

Webhooks go by it, and so do routes that ask by HTTP.
"""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

# IPv6 forms that carry an IPv4 address to which the packet really goes (NAT64, RFC 6052 and RFC 8215).
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


class Forbidden(ValueError):  # noqa: N818 - a verdict on an address; the word of the message
    """The name leads to an address that we may not be sent to."""


def read_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The operator's list of CIDRs. Raises ValueError that names the bad one."""
    return tuple(ip_network(text, strict=True) for text in texts)


def is_reachable(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether we may be sent to this address."""
    real = _carried(address)
    if any(one.version == network.version and one in network for network in allowed for one in (address, real)):
        return True
    return all(one.is_global and not one.is_multicast for one in (address, real))


async def resolve(host: str, port: int, allowed: Sequence[Network] = ()) -> Address:
    """The address to connect to. Raises Forbidden when *any* address of the name is not allowed, OSError when there is none.

    The caller connects to the very address that was checked: asking again could give another (DNS rebinding).
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as fault:  # a part of over 63 letters, or an empty one
        raise OSError(f"{host} cannot be a host's name: {fault}") from None
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    bad = sorted({str(address) for address in addresses if not is_reachable(address, allowed)})
    if bad:
        raise Forbidden(
            f"{host} leads to {', '.join(bad)}, which may not be reached; if it is meant, name its network in allow_networks"
        )
    return addresses[0]


def _carried(address: Address) -> Address:
    """The address to which a packet really goes."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
