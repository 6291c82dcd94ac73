"""Community Grid: divide communities into grids, locate people and incidents, count and map."""

__version__ = "0.1.0"
