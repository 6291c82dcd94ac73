"""House numbers of Liechtenstein as mapped in 2013: each found again however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.address.geocoder import Geocoder
from gis.exchange.osm import OsmData, read_osm
from gis.synthetic.liechtenstein import make_liechtenstein
from scripts.evaluation.drawing.towns import BUNDLED, OSM_FILE, OSM_PREFIX
from scripts.evaluation.geocoding.judge import (
    judge,
    offsets_m,
    right_among_first,
    timed,
    to_look_at,
)
from scripts.evaluation.geocoding.table import Row

if TYPE_CHECKING:
    from scripts.evaluation.geocoding.setting import Setting

WAYS_TO_WRITE = {
    "number last": "{street} {number}, {town}",
    "number first": "{number} {street} {town}",
    "capitals, short": "{SHORT} {number}",
    "no town": "{street} {number}",
}
"""Ways of writing one house number."""

NEAR_M = 30.0
NOTES = {
    "number last": "right: within 30 m of the house",
    "demo's reports": "invented: numbers lost, misspelt or unknown; empty ones left out",
}


def houses(setting: Setting) -> Iterator[Row]:
    """Geocode every known house number in each way of writing."""
    osm = read_osm(BUNDLED / OSM_FILE, code_prefix=OSM_PREFIX)
    known = osm.addresses[osm.addresses["street"].notna() & osm.addresses["number"].notna()]
    known = known.reset_index(drop=True)
    register = pd.DataFrame(known.drop(columns="geometry")).assign(
        address_id=range(len(known)), lon=known.geometry.x, lat=known.geometry.y
    )
    geocoder = Geocoder(register, streets=osm.streets)
    for way, pattern in WAYS_TO_WRITE.items():
        texts = [_written(pattern, r) for r in register.to_dict("records")]
        yield _row(setting, geocoder, way, texts, register)
    yield _reported(setting, osm)


def _reported(setting: Setting, osm: OsmData) -> Row:
    """Geocode what the invented households of the demo report, against their true places."""
    town = make_liechtenstein(
        osm.communities, buildings=osm.buildings, barriers=osm.streets, addresses=osm.addresses
    )
    register = pd.DataFrame(town.addresses.drop(columns="geometry")).rename(
        columns={"reference": "address_id"}
    )
    geocoder = Geocoder(register, streets=osm.streets)
    step = 10 if setting.quick else 1
    written, truth = town.households["address_text"][::step], town.truth.households[::step]
    place = truth[["lon", "lat"]].assign(address_id=truth["number"])
    kept = (written.fillna("").str.strip() != "").to_numpy()
    return _row(setting, geocoder, "demo's reports", written[kept].tolist(), place[kept])


def _row(
    setting: Setting, geocoder: Geocoder, way: str, texts: list[str], truth: pd.DataFrame
) -> Row:
    with timed() as clock:
        found = geocoder.geocode(texts)
    lon, lat = truth["lon"].to_numpy(), truth["lat"].to_numpy()
    offset_m = offsets_m(found, lon, lat)
    is_right = offset_m <= NEAR_M

    def is_near(i: int, shown: pd.DataFrame) -> np.ndarray:
        here = (np.full(len(shown), lon[i]), np.full(len(shown), lat[i]))
        return offsets_m(shown, *here) <= NEAR_M

    among_first = right_among_first(geocoder, texts, found, is_near)
    setting.looked_at.append(
        to_look_at(
            f"liechtenstein, {way}", texts, found, is_right=is_right, among_first=among_first,
            truth=truth["address_id"].astype(str).tolist(), offset_m=offset_m,
        )
    )  # fmt: skip
    return judge(
        "liechtenstein", f"ours, {way}", found, is_right=is_right, texts=texts,
        among_first=among_first, offset_m=offset_m, clock=clock, note=NOTES.get(way, ""),
    )  # fmt: skip


def _written(pattern: str, row: dict[str, object]) -> str:
    street, town = str(row["street"]), str(row.get("town") or row.get("community") or "")
    short = street.upper().replace("STRASSE", "STR.").replace("STRAßE", "STR.")
    return pattern.format(street=street, SHORT=short, number=row["number"], town=town).strip(" ,")
