"""Dividing a community into grids: connected, within the band, borders along the ground."""

from gis.geometry.partition.draw import Division, draw_grids
from gis.geometry.partition.solve import partition_graph

__all__ = ["Division", "draw_grids", "partition_graph"]
