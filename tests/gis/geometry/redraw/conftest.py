"""Grounds to redraw: lattices drawn as pictures, and random ones."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.geometry.redraw import make_working_ground

SIDE_M = 10.0


def lattice_frame(n_rows, n_columns, *, households=100, **columns):
    """Square blocks, row by row from the north, `households` a number or one for each block."""
    x, y = np.meshgrid(np.arange(n_columns), np.arange(n_rows)[::-1])
    x, y = x.ravel() * SIDE_M, y.ravel() * SIDE_M
    n = n_rows * n_columns
    return gpd.GeoDataFrame(
        {
            "block_id": np.arange(1, n + 1),
            "households": np.broadcast_to(households, n),
            "people": np.broadcast_to(households, n) * 3,
            **columns,
        },
        geometry=shapely.box(x, y, x + SIDE_M, y + SIDE_M),
        crs=32632,
    )


@pytest.fixture(scope="session")
def lattice():
    return lattice_frame


@pytest.fixture(scope="session")
def drawn():
    """Give ground and codes of a picture: a letter is a grid, '.' no grid, '#' no ground."""

    def read(picture, *, minimum=1, maximum=10**6, households=100, exclusive="", barriers=None):
        lines = picture.split()
        letters = np.array([list(line) for line in lines])
        frame = lattice_frame(*letters.shape, households=households)
        kept = letters.ravel() != "#"
        frame, letters = frame[kept].reset_index(drop=True), letters.ravel()[kept]
        names = {
            b: f"school {c}"
            for b, c in zip(frame["block_id"], letters, strict=True)
            if c in exclusive
        }
        ground = make_working_ground(
            frame, barriers, minimum=minimum, maximum=maximum, exclusive=names
        )
        return ground, np.where(letters == ".", "", letters)

    return read
