"""Small files written on the spot, named for what is wrong with them."""

import json

import pytest


@pytest.fixture
def geojson(tmp_path):
    """Write features (or any text) as a GeoJSON file; give its path."""

    def write(*features, text=None, **members):
        path = tmp_path / "town.geojson"
        document = {"type": "FeatureCollection", "features": list(features), **members}
        path.write_text(json.dumps(document) if text is None else text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def file(tmp_path):
    """Write content under a name; give its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write
