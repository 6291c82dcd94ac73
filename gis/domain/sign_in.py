"""Signing in: how long a session lasts, and how long wrong passwords make one wait.

Nobody can lock out anybody else. Wrong passwords are counted in lanes, and each lane makes wait
whoever comes along it, longer with every failure; failures are forgiven as time passes:

* ``device``: the account from a browser that has signed in to it before (it holds a random
  token). The only lane for such a browser, so that nothing an attacker does elsewhere stops it.
* ``pair``: the account from one address, for browsers the account has not met.
* ``address``: any account from one address, against trying one password on many accounts.
* ``account``: the account from all addresses that it has never been signed in from, against many
  addresses that work together. An address that the account knows passes it by.

An attempt while a lane waits is refused unread, whether the password is right or the account
exists: it neither counts nor lengthens the wait.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE_TIME = timedelta(minutes=30)
IDLE_TIME_WORKER = timedelta(hours=8)
LONGEST_TIME = timedelta(hours=12)
KNOWN_FOR = timedelta(days=90)
"""How long an address or browser is remembered after its last sign-in to an account."""

MOST_LETTERS = 64
"""Longest login, and as much of a typed one as the audit trail keeps."""


def is_over(began: datetime, last_used: datetime, roles: Collection[str], *, now: datetime) -> bool:
    """Say whether a session has ended by itself: idle too long, or simply old.

    A person who is nothing but a grid worker is out on the phone and may pause for longer.
    """
    idle = IDLE_TIME_WORKER if set(roles) == {"worker"} else IDLE_TIME
    return now - last_used > idle or now - began > LONGEST_TIME


@dataclass(frozen=True)
class Pace:
    """How a lane slows down.

    Parameters
    ----------
    free
        Failures that cost nothing.
    first
        Wait after the next one; doubled by each further one.
    longest
        Longest wait.
    forgiven
        Time after which one failure is forgiven.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgiven: timedelta


PACES = {
    "device": Pace(4, timedelta(seconds=30), timedelta(minutes=30), timedelta(minutes=10)),
    "pair": Pace(4, timedelta(seconds=30), timedelta(minutes=30), timedelta(minutes=10)),
    "address": Pace(19, timedelta(seconds=15), timedelta(minutes=15), timedelta(minutes=3)),
    "account": Pace(49, timedelta(seconds=10), timedelta(minutes=5), timedelta(minutes=2)),
}


def failures_left(failures: float, last_at: datetime, pace: Pace, *, now: datetime) -> float:
    """Give the failures that still count.

    Examples
    --------
    >>> noon = datetime(2026, 3, 2, 12)
    >>> failures_left(5, noon, PACES["pair"], now=noon + timedelta(minutes=20))
    3.0
    """
    return max(0.0, failures - max(timedelta(), now - last_at) / pace.forgiven)


def wait_after(failures: float, pace: Pace) -> timedelta:
    """Give the wait that so many failures cost.

    Examples
    --------
    >>> [wait_after(n, PACES["pair"]).total_seconds() for n in (4, 5, 6, 7, 99)]
    [0.0, 30.0, 60.0, 120.0, 1800.0]
    """
    beyond = math.ceil(failures) - pace.free
    if beyond <= 0:
        return timedelta()
    return min(pace.longest, pace.first * 2 ** min(beyond - 1, 20))


@dataclass(frozen=True)
class Lane:
    """One count of failures: its kind, and a key that tells neither login nor address."""

    kind: str
    key: str


def lanes_of(
    login: str, address: str, *, device: str | None, knows_address: bool
) -> tuple[Lane, ...]:
    """List the lanes an attempt goes along.

    Parameters
    ----------
    login
        As typed; known and unknown ones go the same way.
    address
        Where the attempt comes from.
    device
        Token of the browser when the account knows it, else None.
    knows_address
        Whether the account was signed in to from this address before.

    Examples
    --------
    >>> [x.kind for x in lanes_of("li.na", "10.0.0.7", device=None, knows_address=False)]
    ['account', 'address', 'pair']
    >>> [x.kind for x in lanes_of("li.na", "10.0.0.7", device="a1b2", knows_address=False)]
    ['device']
    """
    who, place = login.casefold(), network_of(address)
    if device is not None:
        return (_lane("device", who, device),)
    lanes = [_lane("address", place), _lane("pair", who, place)]
    if not knows_address:
        lanes.insert(0, _lane("account", who))
    return tuple(lanes)


def _lane(kind: str, *parts: str) -> Lane:
    return Lane(kind, digest_of(kind, *parts))


def digest_of(*parts: str) -> str:
    """Give a digest that stands for some words: of tokens, so that a copy of the table is no key.

    Examples
    --------
    >>> len(digest_of("device", "a1b2"))
    64
    """
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def network_of(address: str) -> str:
    """Give what counts as one address: an IPv4 address, or the /64 of an IPv6 address.

    Examples
    --------
    >>> network_of("10.0.0.7"), network_of("2001:db8::1:2"), network_of("::ffff:10.0.0.7")
    ('10.0.0.7', '2001:db8::/64', '10.0.0.7')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


def printable(text: str, most: int = MOST_LETTERS) -> str:
    """Give a typed text as a record may keep it: bounded, without signs that cannot be seen.

    Examples
    --------
    >>> printable("li.na" + chr(0) + "x" * 100, 8)
    'li.na?x…'
    """
    kept = "".join(c if c.isprintable() else "?" for c in text[:most])
    return kept if len(text) <= most else f"{kept[: most - 1]}…"
