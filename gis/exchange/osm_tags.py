"""What OpenStreetMap tags mean for us: barrier class, land cover, kind of place.

Pure functions on tag mappings. The choices that are not obvious:

* Roads keep their rank; a road under construction has the rank of what is being built, and
  every other way with a ``highway`` tag (tracks, driveways, steps, squares) counts as ``path``.
* Rivers and canals are ``river``. Streams, drains and ditches can be stepped over: they bar as
  little as a path and are given that class.
* Fences, hedges and walls are all ``wall``.
"""

from __future__ import annotations

from collections.abc import Mapping

Tags = Mapping[str, str]

ROAD_RANK: dict[str, str] = {
    "motorway": "motorway",
    "motorway_link": "motorway",
    "trunk": "motorway",
    "trunk_link": "motorway",
    "primary": "main_road",
    "primary_link": "main_road",
    "secondary": "main_road",
    "secondary_link": "main_road",
    "tertiary": "minor_road",
    "tertiary_link": "minor_road",
    "unclassified": "minor_road",
    "residential": "minor_road",
    "living_street": "minor_road",
    "pedestrian": "minor_road",
    "road": "minor_road",
}
"""Class of a ``highway`` value; anything else is a ``path``."""

WATERWAY_RANK: dict[str, str] = {
    "river": "river",
    "canal": "river",
    "stream": "path",
    "drain": "path",
    "ditch": "path",
}
RAILWAYS = frozenset({"rail", "light_rail", "narrow_gauge", "subway"})
WALLS = frozenset({"wall", "city_wall", "retaining_wall", "fence", "hedge"})
SOLID_TUNNELS = frozenset({"no", ""})

LAND_COVER: dict[tuple[str, str], str] = {
    **{("natural", v): "water" for v in ("water", "bay")},
    **{("waterway", v): "water" for v in ("riverbank", "dock")},
    **{("landuse", v): "water" for v in ("basin", "reservoir")},
    **{("natural", v): "green" for v in ("wood", "scrub", "heath", "grassland", "wetland", "fell")},
    **{
        ("landuse", v): "green"
        for v in (
            "forest",
            "meadow",
            "grass",
            "village_green",
            "recreation_ground",
            "cemetery",
            "allotments",
        )
    },
    **{("leisure", v): "green" for v in ("park", "garden", "golf_course", "pitch", "playground")},
    **{
        ("landuse", v): "farmland"
        for v in ("farmland", "farm", "orchard", "vineyard", "farmyard", "greenhouse_horticulture")
    },
    **{
        ("landuse", v): "built_up"
        for v in ("residential", "industrial", "commercial", "retail", "construction", "garages")
    },
}

PLACE_KIND: dict[tuple[str, str], str] = {
    **{
        ("amenity", v): "school"
        for v in ("school", "kindergarten", "preschool", "college", "university")
    },
    **{("amenity", v): "hospital" for v in ("hospital", "clinic", "doctors")},
    ("amenity", "marketplace"): "market",
    ("shop", "supermarket"): "market",
    ("shop", "mall"): "market",
    ("leisure", "park"): "park",
    **{
        ("amenity", v): "office"
        for v in ("townhall", "public_building", "police", "fire_station", "post_office")
    },
    ("office", "government"): "office",
    ("amenity", "place_of_worship"): "worship",
    ("amenity", "bus_station"): "station",
    ("railway", "station"): "station",
    ("railway", "halt"): "station",
}

NUMBER_TAGS = (
    "ref:CN",
    "china_code",
    "bfs:OBJECTVAL",
    "swisstopo:BFS_NUMMER",
    "de:amtlicher_gemeindeschluessel",
    "ref:at:gkz",
    "ref:INSEE",
    "official_number",
    "ref",
)
"""Tags that hold the official number of an administrative unit, most telling first."""


def barrier_kind(tags: Tags) -> str | None:
    """Give the barrier class of a way, or None when it is no barrier.

    Examples
    --------
    >>> barrier_kind({"highway": "secondary"}), barrier_kind({"waterway": "stream"})
    ('main_road', 'path')
    >>> barrier_kind({"highway": "construction", "construction": "residential"})
    'minor_road'
    >>> barrier_kind({"railway": "platform"}) is None
    True
    """
    if "highway" in tags:
        return _road_kind(tags)
    if tags.get("railway") in RAILWAYS:
        return "rail"
    if tags.get("waterway") in WATERWAY_RANK:
        return WATERWAY_RANK[tags["waterway"]]
    return "wall" if tags.get("barrier") in WALLS else None


def _road_kind(tags: Tags) -> str:
    value = tags["highway"]
    if value == "construction":
        value = tags.get("construction", "")
    if tags.get("area") == "yes":
        return "path"
    return ROAD_RANK.get(value, "path")


def is_tunnel(tags: Tags) -> bool:
    """Say whether a way runs under the ground, where it bars nobody.

    Examples
    --------
    >>> is_tunnel({"tunnel": "culvert"}), is_tunnel({"tunnel": "no"}), is_tunnel({})
    (True, False, False)
    """
    return tags.get("tunnel", "no") not in SOLID_TUNNELS


def is_bridge(tags: Tags) -> bool:
    """Say whether a way runs over a bridge."""
    return tags.get("bridge", "no") not in ("no", "")


def land_cover_kind(tags: Tags) -> str | None:
    """Give the land cover of an area, or None.

    Examples
    --------
    >>> land_cover_kind({"landuse": "vineyard"}), land_cover_kind({"natural": "stone"})
    ('farmland', None)
    """
    for key in ("natural", "waterway", "landuse", "leisure"):
        kind = LAND_COVER.get((key, tags.get(key, "")))
        if kind:
            return kind
    return None


def place_kind(tags: Tags) -> str | None:
    """Give the kind of a place that people go to, or None.

    Examples
    --------
    >>> place_kind({"amenity": "school"}), place_kind({"shop": "bakery"}), place_kind({})
    ('school', 'shop', None)
    """
    for key in ("amenity", "shop", "railway", "leisure", "office"):
        kind = PLACE_KIND.get((key, tags.get(key, "")))
        if kind:
            return kind
    return "shop" if "shop" in tags else None


def official_number(tags: Tags) -> str | None:
    """Find the official number of an administrative unit.

    Examples
    --------
    >>> official_number({"name": "Vaduz", "bfs:OBJECTVAL": "7001"})
    '7001'
    """
    for key in NUMBER_TAGS:
        value = tags.get(key, "").strip()
        if value:
            return value
    return None
