"""Coordinates that came with a text and are finer than it: which of them stand.

Reads the names of communities and towns; stores nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.area.community_locator import community_locator
from gis.address.geocoder import Geocoder
from gis.address.given_point import AGREES, DIFFERS, SILENT, asks_coordinates, settles
from gis.address.parse import read_addresses
from gis.address.place_name import core_name
from gis.geometry.repeated_points import is_repeated
from gis.store.area.divisions import community_names


def standing_points(
    session: Session,
    found: pd.DataFrame,
    texts: pd.Series,
    lon: np.ndarray,
    lat: np.ndarray,
    away_m: np.ndarray,
    geocoder: Geocoder,
    *,
    least_reach_m: float,
) -> np.ndarray:
    """Say which given points are finer than their text and agree with it; (n,) bool.

    A point that many rows share whose texts name different houses is a default, and stands for
    nothing; one outside every community does not stand either.

    Parameters
    ----------
    found
        Answers to the texts, with their index from 0.
    lon, lat
        (n,) given coordinates, nan where not.
    away_m
        (n,) from the given point to the place found.
    least_reach_m
        How far from a place a point may lie, whatever its extent.
    """
    given = np.isfinite(lon) & np.isfinite(lat)
    rows = np.flatnonzero(given & asks_coordinates(found) & (found["evidence"] != "alias"))
    stand = np.zeros(len(found), dtype=bool)
    if not len(rows):
        return stand
    read = read_addresses(texts.iloc[rows], grammar=geocoder.grammar)
    community = community_locator(session).communities_at(lon[rows], lat[rows])
    answers = found.iloc[rows]
    off_m = _off_street_m(answers, texts.iloc[rows], lon[rows], lat[rows], geocoder)
    extent_m = np.nan_to_num(answers["error_m"].to_numpy(float))
    stand[rows] = settles(
        answers,
        is_within=(off_m <= least_reach_m) | (away_m[rows] <= np.fmax(least_reach_m, extent_m)),
        named=_named(session, read, community),
        has_register=geocoder.has_entries,
    )
    stand[rows] &= np.array([c is not None for c in community], dtype=bool)
    stand[rows] &= ~is_repeated(lon[rows], lat[rows], house_keys(read))
    return stand


def house_keys(read: pd.DataFrame) -> np.ndarray:
    """Name the house that each text speaks of, without room and stairwell; "" where it is none."""
    parts = read[["community", "street", "number", "estate", "building"]].astype(str)
    has_house = (parts["number"] != "") | (parts["building"] != "")
    joined = parts.agg("|".join, axis=1) if len(parts) else pd.Series([], dtype=object)
    return np.where(has_house, joined, "").astype(object)


def _off_street_m(
    answers: pd.DataFrame, texts: pd.Series, lon: np.ndarray, lat: np.ndarray, geocoder: Geocoder
) -> np.ndarray:
    """Give the distance from the line of the street that a text names; nan for other texts."""
    off_m = np.full(len(answers), np.nan)
    for i in np.flatnonzero((answers["level"] == "street").to_numpy()):
        off_m[i] = geocoder.off_street_m(texts.iloc[i], lon[i], lat[i])
    return off_m


def _named(session: Session, read: pd.DataFrame, community: np.ndarray) -> np.ndarray:
    """Compare the towns and communities that texts name with those that points lie in."""
    here = community_names(session)
    known = tuple({core_name(names[i]) for names in here.values()} - {""} for i in (0, 1))
    named = np.full(len(read), SILENT)
    pairs = zip(read["town"], read["community"], community, strict=True)
    for i, (town, name, unit) in enumerate(pairs):
        said = [core_name(word) if word else "" for word in (town, name)]
        lies_in = [core_name(word) for word in here.get(unit, ("", ""))]
        if any(s and s in k and s != w for s, w, k in zip(said, lies_in, known, strict=True)):
            named[i] = DIFFERS
        elif any(s and s == w for s, w in zip(said, lies_in, strict=True)):
            named[i] = AGREES
    return named
