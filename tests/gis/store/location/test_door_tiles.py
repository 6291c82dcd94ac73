"""What stands on houses, cut into tiles: each once, and only within the area of who asks."""

import mapbox_vector_tile
from sqlalchemy import text

from gis.domain.access import SYSTEM
from gis.store.location.door_tiles import door_tile

AT = (16, 52519, 27877)
OF_TOWN = [(16, 52519 + dx, 27877) for dx in range(4)]


def names(session, scope, kind):
    found = []
    for tile in OF_TOWN:
        content = door_tile(session, scope, *tile)
        layers = mapbox_vector_tile.decode(content) if content else {}
        features = layers.get("doors", {"features": []})["features"]
        found += [p["name"] for p in (f["properties"] for f in features) if p["kind"] == kind]
    return sorted(found)


def test_every_house_number_is_written_once(session, town):
    numbers = [a.number for community in town.communities for a in community.addresses]
    assert names(session, SYSTEM, "number") == sorted(numbers)


def test_only_doors_of_the_own_area_are_given(session, town):
    own = [a.number for a in town.communities[0].addresses]
    assert names(session, town.scope("worker"), "number") == sorted(own)


def test_buildings_and_stairwells_of_a_chinese_estate_are_called_so(session, town):
    session.execute(
        text(
            "UPDATE address SET estate = '锦绣花园', building = '3', stairwell = '2' WHERE id = :i"
        ),
        {"i": town.communities[0].addresses[0].id},
    )
    assert names(session, SYSTEM, "building") == ["3栋"]
    assert names(session, SYSTEM, "stairwell") == ["2单元"]


def test_far_off_there_are_none(session, town):
    assert door_tile(session, SYSTEM, 15, AT[1] // 2, AT[2] // 2)
    assert door_tile(session, SYSTEM, 14, AT[1] // 4, AT[2] // 4) == b""
