"""Dividing a community into grids: connected, within the band, borders along the ground."""

from gis.geometry.partition.division import Division, assess_grids
from gis.geometry.partition.draw import draw_grids
from gis.geometry.partition.objective import Objective
from gis.geometry.partition.obstacles import Obstacle, find_obstacles
from gis.geometry.partition.solve import partition_graph

__all__ = [
    "Division",
    "Objective",
    "Obstacle",
    "assess_grids",
    "draw_grids",
    "find_obstacles",
    "partition_graph",
]
