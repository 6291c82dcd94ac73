"""Read an OpenStreetMap extract (.osm.pbf) into the project's frames, EPSG:4326, lon lat.

The map is taken as it is: nothing is invented, nothing repaired. What cannot be used (an
administrative unit cut off at the edge of the extract, a line without places) is left out and
named in `OsmData.notes`. Object references are those of the file (``way/17``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from gis.errors import InvalidInput, Message
from gis.exchange.frames import frame_of_kind
from gis.exchange.osm_communities import choose_communities
from gis.exchange.osm_harvest import Harvest, gather

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True)
class OsmData:
    """What an extract holds, one frame per kind of record.

    Parameters
    ----------
    communities
        Columns of the kind plus ``number``, the official number of the unit (text or None).
    barriers
        Lines on the surface: roads, rivers, rails, walls.
    tunnels
        The same columns for lines under the ground; they have names but bar nobody.
    streets
        The same columns for named roads only, tunnels included: what street names are looked
        up in.
    buildings, addresses, land_cover, places
        Frames of the kinds of those names.
    admin_level
        The level the communities were taken from, or None when there are none.
    notes
        What was left out or assumed, in words.
    timestamp
        Data state of the extract as written in its header, or None.
    attribution
        The line that must stand with every map and table made from it.
    """

    communities: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    tunnels: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    addresses: gpd.GeoDataFrame
    land_cover: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    admin_level: int | None
    notes: tuple[str, ...] = ()
    timestamp: str | None = None
    attribution: str = ATTRIBUTION


def read_osm(
    path: str | Path, *, admin_level: int | None = None, code_prefix: str | None = None
) -> OsmData:
    """Read communities, barriers, buildings, addresses, land cover and places of an extract.

    Parameters
    ----------
    path
        An ``.osm.pbf`` file.
    admin_level
        Administrative level that holds the communities; by default 8 where the extract has
        complete units of it, else the finest level there is.
    code_prefix
        Numeric prefix for division codes of places that have none: 6 digits (county; towns are
        numbered from the units between) or 9 (town). Without it ``code`` stays None.

    Returns
    -------
    OsmData
        Frames in file order; communities by official number, then name.

    Raises
    ------
    InvalidInput
        Not a PBF file, damaged or cut short; or no such administrative level.
    """
    path = Path(path)
    _check_is_pbf(path)
    try:
        harvest, timestamp = gather(path)
    except (RuntimeError, OSError, ValueError) as error:
        raise InvalidInput(
            "{name}: the file is damaged or cut short ({why}); "
            "fetch the extract again and compare its size or checksum",
            name=path.name,
            why=_first_line(error),
        ) from error
    chosen = choose_communities(
        harvest.administrative,
        harvest.relations,
        admin_level=admin_level,
        code_prefix=code_prefix,
        file=path.name,
    )
    return OsmData(
        communities=frame_of_kind("communities", chosen.rows, extra=("number",)),
        **{name: _frame(name, rows) for name, rows in harvest.rows.items()},
        admin_level=chosen.admin_level,
        notes=(*chosen.notes, *_losses(harvest)),
        timestamp=timestamp,
    )


def _check_is_pbf(path: Path) -> None:
    """Refuse what does not begin like a PBF file, saying what was expected."""
    try:
        with path.open("rb") as stream:
            head = stream.read(64)
    except OSError as error:
        raise InvalidInput(
            "{name}: cannot be opened ({why})", name=path.name, why=error.strerror
        ) from error
    if not head:
        raise InvalidInput(
            "{name}: the file is empty; expected an .osm.pbf extract", name=path.name
        )
    if b"OSMHeader" not in head:
        raise InvalidInput(
            "{name}: not an OpenStreetMap PBF file (it does not begin with an OSMHeader "
            "block); give an .osm.pbf extract, or convert it: osmium cat FILE -o FILE.osm.pbf",
            name=path.name,
        )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _frame(name: str, rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    return frame_of_kind("barriers" if name in ("tunnels", "streets") else name, rows)


def _losses(harvest: Harvest) -> list[Message]:
    notes = []
    if harvest.cut_lines:
        said = "{n} lines run beyond the edge of the extract and were cut"
        notes.append(Message(said, n=harvest.cut_lines))
    if harvest.broken_areas:
        said = "{n} areas have broken outlines and were left out"
        notes.append(Message(said, n=harvest.broken_areas))
    return notes
