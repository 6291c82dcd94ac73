"""Maps: the only place that knows Folium."""

from webmap.maps.layers import ContextLayer, DensityLayer, IncidentClusters, UrlGeoJson
from webmap.maps.shell import MapShell, build_map, map_shell

__all__ = [
    "ContextLayer",
    "DensityLayer",
    "IncidentClusters",
    "MapShell",
    "UrlGeoJson",
    "build_map",
    "map_shell",
]
