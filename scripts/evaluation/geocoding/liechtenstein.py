"""House numbers of Liechtenstein as mapped in 2013: each found again however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.address.geocoder import Geocoder
from gis.exchange.osm import read_osm
from scripts.evaluation.drawing.towns import BUNDLED, OSM_FILE, OSM_PREFIX
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
    from scripts.evaluation.geocoding.cases import Setting

WAYS_TO_WRITE = {
    "number last": "{street} {number}, {town}",
    "number first": "{number} {street} {town}",
    "capitals, short": "{SHORT} {number}",
    "no town": "{street} {number}",
}
"""Ways of writing one house number."""


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
        yield _row(setting, geocoder, register, way, pattern)


def _row(
    setting: Setting, geocoder: Geocoder, register: pd.DataFrame, way: str, pattern: str
) -> Row:
    texts = [_written(pattern, r) for r in register.to_dict("records")]
    with timed() as clock:
        found = geocoder.geocode(texts)
    lon, lat = register["lon"].to_numpy(), register["lat"].to_numpy()
    offset_m = offsets_m(found, lon, lat)
    is_right = offset_m <= FAR_M / 10

    def is_near(i: int, shown: pd.DataFrame) -> np.ndarray:
        here = (np.full(len(shown), lon[i]), np.full(len(shown), lat[i]))
        return offsets_m(shown, *here) <= FAR_M / 10

    among_first = right_among_first(geocoder, texts, found, is_near)
    setting.looked_at.append(
        to_look_at(
            f"liechtenstein, {way}", texts, found, is_right=is_right, among_first=among_first,
            truth=register["address_id"].astype(str).tolist(), offset_m=offset_m,
        )
    )  # fmt: skip
    note = "right: within 30 m of the house" if way == "number last" else ""
    return judge(
        "liechtenstein", f"ours, {way}", found, is_right=is_right, among_first=among_first,
        offset_m=offset_m, clock=clock, note=note,
    )  # fmt: skip


def _written(pattern: str, row: dict[str, object]) -> str:
    street, town = str(row["street"]), str(row.get("town") or row.get("community") or "")
    short = street.upper().replace("STRASSE", "STR.").replace("STRAßE", "STR.")
    return pattern.format(street=street, SHORT=short, number=row["number"], town=town).strip(" ,")
