"""Crashes of Cambridge, Massachusetts, 2010 to 2016, against the master addresses of 2021.

The recorded points were geocoded by the city when the crashes were reported, so some are wrong
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.address.geocoder import Geocoder
from scripts.evaluation.geocoding.judge import (
    FAR_M,
    judge,
    offsets_m,
    right_among_first,
    timed,
    to_look_at,
)
from scripts.evaluation.geocoding.table import Row

if TYPE_CHECKING:
    from scripts.evaluation.geocoding.setting import Setting

RANGES = {
    "L_From": "left_from",
    "L_To": "left_to",
    "R_From": "right_from",
    "R_To": "right_to",
    "Street": "name",
    "Alias": "alias",
}


NEIGHBOUR = "number_unknown"
"""Evidence of a candidate that is only the nearest other number on the street."""

SHARERS = 10
"""A recorded point of this many different texts is the source's fallback."""


@dataclass(frozen=True)
class Crashes:
    """Texts with their recorded points."""

    texts: list[str]
    lon: np.ndarray
    lat: np.ndarray


def read_register(data: Path) -> pd.DataFrame:
    """Read the master addresses: number with suffix, street, and the name of the place if any."""
    table = pd.read_csv(data / "cambridge_ma" / "master_addresses_2021.csv.gz", dtype=str)
    table = table.fillna(dict.fromkeys(("suffix", "street", "type", "dir", "poi"), ""))
    street = (table["street"] + " " + table["type"] + " " + table["dir"]).str.strip()
    number = table["stnum"].fillna("") + table["suffix"].where(
        ~table["suffix"].str[:1].str.isdigit(), "-" + table["suffix"]
    )
    parts = table[["address_id", "lon", "lat"]].assign(number=number, street=street)
    return parts.assign(estate=table["poi"], plain=table["stnum"].fillna("") + " " + street)


def make_geocoder(data: Path) -> Geocoder:
    """Index the master addresses and the streets."""
    streets = gpd.read_file(data / "cambridge_ma" / "street_centerlines.geojson")
    return Geocoder(read_register(data), streets=streets.rename(columns=RANGES))


def read_crashes(data: Path) -> pd.DataFrame:
    """Read the crashes that have a point."""
    table = pd.read_csv(data / "cambridge_ma" / "incidents_crashes_2010_2016.csv.gz", dtype=str)
    placed = table[table["Latitude"].notna()].reset_index(drop=True)
    return placed.astype({"Latitude": float, "Longitude": float})


def read_numbered(data: Path) -> Crashes:
    """Give the crashes with a house number."""
    table = read_crashes(data)
    table = table[table["Street Number"].notna()]
    return _crashes(table, table["Street Number"] + " " + table["Street Name"].fillna(""))


def read_crossing(data: Path) -> Crashes:
    """Give the crashes with a cross street and no house number."""
    table = read_crashes(data)
    table = table[table["Cross Street"].notna() & table["Street Number"].isna()]
    return _crashes(table, table["Street Name"].fillna("") + " & " + table["Cross Street"])


def _crashes(table: pd.DataFrame, texts: pd.Series) -> Crashes:
    return Crashes(
        texts.tolist(), table["Longitude"].to_numpy(float), table["Latitude"].to_numpy(float)
    )


def fallback_points(crashes: Crashes) -> np.ndarray:
    """Say which recorded points are the source's own fallback and no place of the crash; (n,).

    The source gave one and the same point to ten or more different house numbers, some of them
    kilometres apart along the street.
    """
    points = pd.Series(zip(crashes.lon.round(6), crashes.lat.round(6), strict=True))
    texts = pd.Series(crashes.texts).str.lower()
    return texts.groupby(points).transform("nunique").to_numpy() >= SHARERS


def numbers(setting: Setting) -> Iterator[Row]:
    """Find the crashes with a house number; beside an exact match of the whole text."""
    crashes = read_numbered(setting.data)
    levels = ("room", "unit", "building", "number", "interpolated")
    yield run_ours(setting, "cambridge_numbers", crashes, levels)
    if setting.peers:
        register = read_register(setting.data)
        pairs = {
            _letters(t): i
            for i, (t, x) in enumerate(zip(register["plain"], register["lon"], strict=True))
            if x == x
        }
        rows = [pairs.get(_letters(t), -1) for t in crashes.texts]
        yield exact_row("cambridge_numbers", crashes, register, rows, "number")


def crossings(setting: Setting) -> Iterator[Row]:
    """Find the crashes at a crossing; beside an exact match with the list of intersections."""
    crashes = read_crossing(setting.data)
    yield run_ours(setting, "cambridge_crossings", crashes, ("intersection",))
    if setting.peers:
        known = gpd.read_file(setting.data / "cambridge_ma" / "intersections.geojson")
        pairs = {}
        for i, name in enumerate(known["Intersection"].fillna("")):
            streets = [_letters(s) for s in name.split("&")]
            pairs |= {"&".join(streets): i, "&".join(reversed(streets)): i} if name else {}
        asked = ["&".join(_letters(s) for s in t.split("&")) for t in crashes.texts]
        rows = [pairs.get(t, -1) for t in asked]
        yield exact_row("cambridge_crossings", crashes, known, rows, "intersection")


def run_ours(setting: Setting, case: str, crashes: Crashes, levels: tuple[str, ...]) -> Row:
    """Geocode and judge; what counts as resolved is said in the note."""
    geocoder = setting.geocoder("cambridge", lambda: make_geocoder(setting.data))
    with timed() as clock:
        found = geocoder.geocode(crashes.texts)
    offset_m = offsets_m(found, crashes.lon, crashes.lat)
    near = _near_among_first(geocoder, crashes, found, levels, with_neighbours=True)
    strict = _near_among_first(geocoder, crashes, found, levels, with_neighbours=False)
    is_right = offset_m <= FAR_M
    truth = [f"{x:.6f} {y:.6f}" for x, y in zip(crashes.lon, crashes.lat, strict=True)]
    setting.looked_at.append(
        to_look_at(
            case, crashes.texts, found,
            is_right=is_right, among_first=strict, truth=truth, offset_m=offset_m,
        )
    )  # fmt: skip
    return judge(
        case, "ours", found,
        is_right=is_right, texts=crashes.texts, among_first=strict, offset_m=offset_m, clock=clock,
        note=_resolved(found, levels, near, strict) + _far(crashes, found, is_right),
    )  # fmt: skip


def _near_among_first(
    geocoder: Geocoder,
    crashes: Crashes,
    found: pd.DataFrame,
    levels: tuple[str, ...],
    *,
    with_neighbours: bool,
) -> np.ndarray:
    """Say which texts in review have a candidate of the level near the recorded point; (n,)."""

    def is_near(i: int, shown: pd.DataFrame) -> np.ndarray:
        here = (np.full(len(shown), crashes.lon[i]), np.full(len(shown), crashes.lat[i]))
        meant = shown["level"].isin(levels) & (with_neighbours | (shown["evidence"] != NEIGHBOUR))
        return (offsets_m(shown, *here) <= FAR_M) & meant.to_numpy()

    return right_among_first(geocoder, crashes.texts, found, is_near)


def _resolved(
    found: pd.DataFrame, levels: tuple[str, ...], near: np.ndarray, strict: np.ndarray
) -> str:
    at_level = found["level"].isin(levels).to_numpy()
    accepted = (found["status"] == "accepted").to_numpy() & at_level
    shares = [100 * float(x.mean()) for x in (at_level, accepted | near, accepted | strict)]
    return (
        f"at {levels[-1]} level or finer {shares[0]:.2f} %; resolved {shares[1]:.2f} %: accepted"
        f" there, or in review with one within {FAR_M:.0f} m among the first three ({shares[2]:.2f}"
        " % when the nearest other numbers that are shown do not count)"
    )


def _far(crashes: Crashes, found: pd.DataFrame, is_right: np.ndarray) -> str:
    far = (found["status"] == "accepted").to_numpy() & ~is_right
    fallback = far & fallback_points(crashes)
    return (
        f"; of {far.sum()} accepted far off, {fallback.sum()} have a point that the source gave to"
        f" {SHARERS} or more different texts"
    )


def exact_row(case: str, crashes: Crashes, known: pd.DataFrame, rows: list[int], level: str) -> Row:
    """Judge a plain look-up: row of the known places for each text, -1 where there is none."""
    at = np.array(rows)
    lon, lat = (pd.to_numeric(known[c], errors="coerce").to_numpy(float) for c in ("lon", "lat"))
    found = pd.DataFrame({"lon": np.where(at >= 0, lon[at], np.nan)})
    found["lat"] = np.where(at >= 0, lat[at], np.nan)
    placed = found["lon"].notna()
    found["level"] = np.where(at >= 0, level, "none")
    found["status"] = np.where(placed, "accepted", "none")
    offset_m = offsets_m(found, crashes.lon, crashes.lat)
    return judge(
        case, "exact look-up", found, is_right=offset_m <= FAR_M, texts=crashes.texts,
        offset_m=offset_m,
        note="lower case, no signs, common words shortened",
    )  # fmt: skip


_SHORT = {
    "avenue": "ave", "av": "ave", "street": "st", "road": "rd", "drive": "dr", "square": "sq",
    "parkway": "pkwy", "pky": "pkwy", "highway": "hwy", "place": "pl", "court": "ct", "lane": "ln",
    "mount": "mt", "mass": "massachusetts", "pk": "park", "terrace": "ter", "turnpike": "tpke",
}  # fmt: skip


def _letters(text: str) -> str:
    """Lower case, no signs, the commonest types in short: what one writes in ten minutes."""
    words = re.sub(r"[^a-z0-9 ]", "", text.lower().replace("-", "")).split()
    return " ".join(_SHORT.get(w, w) for w in words)
