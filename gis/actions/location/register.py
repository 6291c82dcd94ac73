"""The address register loaded for geocoding, and which version of it that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy.orm import Session

from gis import __version__
from gis.address.division_names import read_divisions
from gis.address.geocoder import Geocoder
from gis.address.reach import WHOLE, register_digests
from gis.store.location import locations, registers

_EVERYWHERE = ("outlines", "program")
"""Marks whose change reaches every record."""


@dataclass(frozen=True)
class LoadedRegister:
    """All that geocoding answers from.

    Parameters
    ----------
    version
        Number of the stored version.
    geocoder
        Answers texts.
    pins
        Normalised text to lon, lat where a person has placed it by hand.
    """

    version: int
    geocoder: Geocoder
    pins: dict[str, tuple[float, float]]


def load_register(session: Session, *, now: datetime) -> LoadedRegister:
    """Load addresses, streets and decisions; a version is recorded when anything has changed."""
    marks = registers.read_marks(session) | {"program": __version__}
    streets = locations.street_frame(session)
    decisions = registers.decision_frame(session)
    geocoder = build_geocoder(session, streets, decisions)
    newest = registers.newest_version(session)
    if newest is not None and newest.marks == marks:
        version = newest.id
    else:
        digests = register_digests(geocoder.register, streets, decisions)
        digests = pd.concat([digests, _whole_digests(marks)])
        version = registers.add_version(session, marks, digests, now=now)
    return LoadedRegister(version, geocoder, _pins(decisions))


def build_geocoder(session: Session, streets: pd.DataFrame, decisions: pd.DataFrame) -> Geocoder:
    """Make the geocoder of the stored register: the one builder for every use of it.

    Parameters
    ----------
    streets
        As `gis.store.location.locations.street_frame` gives them.
    decisions
        As `gis.store.location.registers.decision_frame` gives them.
    """
    return Geocoder(
        with_regions(locations.register_frame(session)),
        streets=streets if len(streets) else None,
        aliases=decided_aliases(decisions),
    )


def decided_aliases(decisions: pd.DataFrame) -> dict[str, int]:
    """Give the texts that people have decided to mean an entry, with its id."""
    decided = decisions[decisions["address_id"].notna()]
    return dict(zip(decided["text"], decided["address_id"].astype(int), strict=True))


def with_regions(register: pd.DataFrame) -> pd.DataFrame:
    """Add the region of entries (province, city, county) by the code of their community."""
    names = read_divisions()
    counties = register["community_code"].fillna("").astype(str).str[:6]
    known = {code: "".join(names.get(code, ())) for code in counties.unique()}
    return register.assign(region=counties.map(known))


def _pins(decisions: pd.DataFrame) -> dict[str, tuple[float, float]]:
    placed = decisions[decisions["address_id"].isna()]
    points = zip(placed["lon"].astype(float), placed["lat"].astype(float), strict=True)
    return dict(zip(placed["text"], points, strict=True))


def _whole_digests(marks: dict[str, str]) -> pd.Series:
    """Digest what is not in the register itself: outlines, blocks, the program."""
    texts = {WHOLE + name: marks[name] for name in _EVERYWHERE}
    texts["b:"] = marks["blocks"]
    hashes = pd.util.hash_array(pd.array(list(texts.values()), dtype=object).to_numpy())
    return pd.Series(hashes.view("int64"), index=list(texts), name="digest")
