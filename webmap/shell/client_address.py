"""Where a request comes from: the connection's address, or what a trusted proxy says of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from flask import current_app, request


def client_address() -> str:
    """Give the address of who asks, by the proxies that the settings trust."""
    forwarded = request.headers.getlist("X-Forwarded-For")
    return address_of(request.remote_addr or "", forwarded, current_app.config["TRUSTED_PROXIES"])


def address_of(connected: str, forwarded: Iterable[str], trusted: Iterable[str]) -> str:
    """Give the address of a client.

    Parameters
    ----------
    connected
        Who opened the connection.
    forwarded
        Values of ``X-Forwarded-For``; each proxy adds the one it heard from at the right.
    trusted
        Addresses or networks of the proxies. What anybody else says is not believed.

    Examples
    --------
    >>> address_of("10.0.0.7", ["1.2.3.4"], [])
    '10.0.0.7'
    >>> address_of("127.0.0.1", ["6.6.6.6, 1.2.3.4"], ["127.0.0.0/8"])
    '1.2.3.4'
    """
    networks = [ipaddress.ip_network(t, strict=False) for t in trusted]
    said = [part.strip() for value in forwarded for part in value.split(",")]
    address = connected
    while said and _is_one_of(address, networks):
        before = said.pop()
        if _read(before) is None:
            break
        address = before
    return address


def _is_one_of(address: str, networks: list) -> bool:
    found = _read(address)
    return found is not None and any(found in network for network in networks)


def _read(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
