"""GeoJSON as the interface gives it: features whose properties are a dataclass of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, UnsetType

from webmap.shell.answers import Media

MEDIA_TYPE = "application/geo+json"

Properties = TypeVar("Properties")
Kind = Literal["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"]
Positions = Annotated[
    list[Any],
    Meta(
        description="Positions (lon, lat in degrees, WGS84), nested as the kind needs: RFC 7946",
        extra_json_schema={"items": {"type": ["number", "array"]}},
    ),
]


@dataclass(frozen=True)
class Geometry:
    """A shape, as RFC 7946 writes it."""

    type: Kind
    coordinates: Positions


@dataclass(frozen=True)
class Feature(Generic[Properties]):
    """A shape and what is known of it."""

    type: Literal["Feature"]
    properties: Properties
    geometry: Geometry | None
    id: int | UnsetType = UNSET


@dataclass(frozen=True)
class FeatureCollection(Generic[Properties]):
    """GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    features: list[Feature[Properties]]


def features(properties: Any) -> Media:  # noqa: ANN401  (a class)
    """Declare an answer of features with these properties."""
    return Media(MEDIA_TYPE, FeatureCollection[properties])
