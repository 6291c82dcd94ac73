"""GeoJSON pieces drawn by hand: a square, a bow tie, features around them."""

SQUARE = [[9.5, 47.1], [9.51, 47.1], [9.51, 47.11], [9.5, 47.11], [9.5, 47.1]]
BOW_TIE = [[9.5, 47.1], [9.51, 47.11], [9.51, 47.1], [9.5, 47.11], [9.5, 47.1]]


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def point(*position):
    return {"type": "Point", "coordinates": list(position)}
