"""Keeping what the search box finds in step with the register, the divisions and the records."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
from sqlalchemy.orm import Session

from gis.address.address import ADDRESS_PARTS
from gis.address.normalise import is_chinese, text_of
from gis.address.parse import parse_many
from gis.address.typed import typed_form
from gis.address.wanted import door_form
from gis.store.location import search_names

LONGEST_NAME = 120
LONGEST_KEY = 60
_NAMED = ("street", "estate", "number")

AS_WRITTEN, BY_SOUND, LATER_PART = range(3)
"""Ranks of a key: the better a name fits when this key of it is what was typed."""


def refresh_search(session: Session) -> int:
    """Bring the names of the search box up to date; gives how many addresses were named anew.

    Quick when nothing has changed; an address is named again when its community changed.
    """
    search_names.sync_units(session)
    addresses = search_names.unnamed_addresses(session)
    if not addresses.empty:
        search_names.add_doors(session, doors_of(addresses))
    refresh_records(session)
    search_names.drop_idle_names(session)
    return len(addresses)


def refresh_records(session: Session) -> None:
    """Bring the names of records up to date, and give keys to every name that has none."""
    search_names.sync_records(session)
    fresh = search_names.names_without_keys(session)
    search_names.add_keys(session, [(i, *k) for i, *names in fresh for k in keys_of(*names)])


@lru_cache(maxsize=50_000)
def keys_of(*names: str | None) -> tuple[tuple[str, int], ...]:
    """Give the keys of a thing by its names in one or two languages, each with its rank.

    Examples
    --------
    >>> dict(keys_of("古榕社区"))["grsq"], dict(keys_of("古榕社区"))["榕社区"]
    (1, 2)
    """
    from gis.address.pinyin import search_keys  # its dictionary is large: only who writes needs it

    found: dict[str, int] = {}
    for name in filter(None, names):
        own = typed_form(name)
        latin = own.isascii()
        for key in search_keys(name):
            rank = AS_WRITTEN if key == own else LATER_PART if latin else BY_SOUND
            found.setdefault(key[:LONGEST_KEY], rank)
        if not latin:
            for start in range(1, len(own) - 1):
                found.setdefault(own[start : start + LONGEST_KEY], LATER_PART)
        found[own[:LONGEST_KEY]] = AS_WRITTEN
    found.pop("", None)
    return tuple(found.items())


def doors_of(addresses: pd.DataFrame) -> pd.DataFrame:
    """Say under which names addresses are found, and by what door.

    Parameters
    ----------
    addresses
        ``id, text, community_id`` and the eight parts.

    Returns
    -------
    DataFrame
        ``address_id, community_id, kind, name, door``; each address at least once.
    """
    parts = {p: [text_of(v).strip() for v in addresses[p]] for p in ADDRESS_PARTS}
    _read_texts(addresses, parts)
    rows = []
    for i, (key, text, community) in enumerate(
        zip(addresses["id"], addresses["text"], addresses["community_id"], strict=True)
    ):
        named = _names(text_of(text), {p: values[i] for p, values in parts.items()})
        rows += [(key, community, kind, name[:LONGEST_NAME], door) for kind, name, door in named]
    return pd.DataFrame(rows, columns=["address_id", "community_id", "kind", "name", "door"])


def _read_texts(addresses: pd.DataFrame, parts: dict[str, list[str]]) -> None:
    """Fill the parts of addresses that came as a text only."""
    silent = [
        i for i, row in enumerate(zip(*(parts[p] for p in _NAMED), strict=True)) if not any(row)
    ]
    read = parse_many(addresses["text"].iloc[silent])
    for i, address in zip(silent, read, strict=True):
        for part in ADDRESS_PARTS:
            value = getattr(address, part)
            parts[part][i] = parts[part][i] or (value if is_chinese(value) else value.title())


def _names(text: str, p: dict[str, str]) -> list[tuple[str, str, str]]:
    inside = [p["building"], p["stairwell"], p["room"]]
    found = []
    if p["street"]:
        found.append(("street", p["street"], _door(p["number"], *inside)))
    if p["estate"]:
        at = inside if any(inside) or p["street"] else [p["number"]]
        found.append(("estate", p["estate"], _door(*at)))
    if not found and p["community"] and p["number"]:
        found.append(("village", p["community"], _door(p["number"], *inside)))
    return found or [("address", text, "")]


def _door(*pieces: str) -> str:
    return "-".join(filter(None, map(door_form, pieces)))[:LONGEST_KEY]
