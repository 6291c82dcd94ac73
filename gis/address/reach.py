"""Which texts a change of the register can reach: the names an answer rests on, as keys.

Pure. An entry of the register, a street, a decided text each have a few keys (``s:`` a street,
``e:`` an estate, ``c:`` a community, ``a:`` a town with its community, ``t:`` a class of texts).
When something changes, the keys it has and had are *changed*. An answer made by exact names alone
can only be changed through its own keys; any other answer (a name spelt differently, a part that
is not known) may be changed by any change, and is asked for again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely import to_wkb

from gis.address.address import Address
from gis.address.names import compact
from gis.address.normalise import normalise, text_of
from gis.address.parse import parse_text
from gis.address.place_name import core_name, village_street
from gis.address.register import Register

EXACT = frozenset(
    {
        "alias",
        "room_exact",
        "unit_exact",
        "building_exact",
        "number_exact",
        "estate_exact",
        "intersection_exact",
        "interpolated",
        "street_range",
        "suffix_dropped",
        "suffix_added",
        "range_end",
        "detail_unknown",
        "community_agrees",
        "town_agrees",
        "no_admin",
        "admin_unchecked",
        "chosen_by_position",
        "coordinates",
    }
)
"""Evidence that says nothing of names that are not exactly as written."""

WHOLE = "w:"
"""Keys of what reaches everything: outlines of communities, the program itself."""

_TEXT_CLASSES = 0xFFFF


@dataclass(frozen=True)
class Reach:
    """What the answer to one text rests on.

    Parameters
    ----------
    watched
        Keys of which a change may change the answer.
    needed
        Keys the register must have for the answer to rest on ``watched`` alone.
    """

    watched: frozenset[str]
    needed: frozenset[str]


def reach_of(text: object) -> Reach:
    """Give what the answer to a text rests on.

    Examples
    --------
    >>> sorted(reach_of("古榕社区榕江大道12号").watched)
    ['s:榕江大道', 't:8dc9']
    """
    written = text_of(text)
    a = parse_text(written, "auto")
    names = {f"s:{compact(n)}" for n in (a.street, a.cross_street) if n}
    names |= {f"e:{compact(a.estate)}"} if a.estate else set()
    return Reach(frozenset({*names, *_village_keys(a), text_key(written)}), frozenset(names))


def _village_keys(a: Address) -> list[str]:
    """Give the keys of a text that says a village and no street."""
    if a.street or not a.community:
        return []
    village = village_street(np.array([a.community]), np.array([compact(a.estate)]))[0]
    return [f"s:{village}", f"c:{core_name(a.community)}"]


def text_key(text: object) -> str:
    """Give the class of a text; all spellings of one text share it.

    Examples
    --------
    >>> text_key("12 Elm St") == text_key("12 elm street")
    True
    """
    spelling = normalise(text)
    return f"t:{zlib.crc32(spelling.encode('utf-8', 'replace')) & _TEXT_CLASSES:04x}"


def is_reached(
    reach: Reach, evidence: str, changed: Collection[str], live: Collection[str]
) -> bool:
    """Say whether changes may change an accepted answer.

    Parameters
    ----------
    reach
        Of the text.
    evidence
        Codes of the answer, joined by ``;``.
    changed
        Keys that changed since the answer was made.
    live
        Keys the register has now.

    Examples
    --------
    >>> reach = reach_of("榕江大道12号")
    >>> is_reached(reach, "number_exact;no_admin", {"s:滨江路"}, {"s:榕江大道", "s:滨江路"})
    False
    >>> is_reached(reach, "number_exact;no_admin", {"s:榕江大道"}, {"s:榕江大道"})
    True
    >>> is_reached(reach, "number_exact;name_fuzzy", {"s:滨江路"}, {"s:榕江大道"})
    True
    """
    if not EXACT.issuperset(evidence.split(";")):
        return True
    return not (reach.watched.isdisjoint(changed) and all(k in live for k in reach.needed))


def reaches_everything(changed: Iterable[str]) -> bool:
    """Say whether a change may change how any text is read: another town, community or outline."""
    return any(key.startswith((WHOLE, "a:")) for key in changed)


# -- what the register has ---------------------------------------------------------------------


def register_digests(
    register: Register, streets: pd.DataFrame, decisions: pd.DataFrame
) -> pd.Series:
    """Digest what the register has under each key, independent of the order of its rows.

    Parameters
    ----------
    register
        The indexed register.
    streets
        Lines with ``name`` and perhaps ``alias`` and number ranges.
    decisions
        ``text`` and what it means, in any columns.

    Returns
    -------
    Series
        Digest (int64) by key.
    """
    pieces = [
        *_entry_keys(register),
        *_street_keys(streets),
        (_each(decisions["text"], text_key), _row_digests(decisions)),
    ]
    keys = np.concatenate([k for k, _ in pieces])
    digests = np.concatenate([d for _, d in pieces])
    places = np.array([f"a:{town}/{community}" for town, community in register.places], object)
    codes, distinct = pd.factorize(np.concatenate([keys, places]))
    total = np.zeros(len(distinct), np.uint64)
    np.add.at(total, codes, np.concatenate([digests, np.ones(len(places), np.uint64)]))
    return pd.Series(total.view(np.int64), index=pd.Index(distinct, name="key"), name="digest")


def _entry_keys(register: Register) -> list[tuple[np.ndarray, np.ndarray]]:
    parts = register.parts
    frame = pd.DataFrame({**parts, "id": register.ids, "lon": register.lon, "lat": register.lat})
    text = register.frame.get("text", pd.Series("", index=register.frame.index))
    digests = _row_digests(frame.assign(text=text.to_numpy()))
    street, estate = parts["street"], parts["estate"]
    named = street.astype(bool) | estate.astype(bool)
    found = [
        _keyed("s:", street, digests),
        _keyed("e:", estate, digests),
        _keyed("c:", np.where(named, "", _each(pd.Series(parts["community"]), core_name)), digests),
    ]
    return [*found, (_each(text, text_key), digests)]


def _street_keys(streets: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray]]:
    if streets.empty:
        return []
    plain = pd.DataFrame(streets.drop(columns="geometry")).assign(
        line=to_wkb(np.asarray(streets.geometry), hex=True)
    )
    digests = _row_digests(plain)
    pairs = [(f"s:{compact(normalise(n))}", i) for i, n in enumerate(streets["name"])]
    for i, others in enumerate(streets.get("alias", ())):
        pairs += [(f"s:{compact(normalise(o))}", i) for o in text_of(others).split(",") if o]
    rows = np.array([i for _, i in pairs], dtype=np.int64)
    return [(np.array([key for key, _ in pairs], dtype=object), digests[rows])]


def _keyed(prefix: str, names: np.ndarray, digests: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = np.flatnonzero(names.astype(bool))
    return prefix + names[rows].astype(object), digests[rows]


def _each(values: pd.Series, function: Callable[[object], str]) -> np.ndarray:
    codes, distinct = pd.factorize(np.asarray(values.fillna(""), dtype=object))
    return np.array([function(v) for v in distinct], dtype=object)[codes]


def _row_digests(frame: pd.DataFrame) -> np.ndarray:
    texts = frame.astype("string").fillna("")
    return pd.util.hash_pandas_object(texts, index=False).to_numpy(np.uint64)
