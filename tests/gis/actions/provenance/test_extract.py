"""Communities of an extract that overlap: what a person may accept, as for any other file."""

import pytest
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.provenance.extract import import_extract
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput, with_hints
from gis.exchange.osm import OsmData
from gis.store import tables as t
from tests.drawn_town import communities, frame, rectangle
from tests.factories import NOW


def extract(east: float) -> OsmData:
    """Give an extract of two communities, the second of which begins at a place."""
    records = communities()
    records.loc[2, "geometry"] = rectangle(east, 0, 0.012, 0.004)
    kinds = ("barriers", "land_cover", "buildings", "addresses", "places")
    empty = {kind: frame(kind, []) for kind in kinds}
    return OsmData(
        communities=records,
        tunnels=empty["barriers"],
        streets=empty["barriers"],
        admin_level=8,
        notes=(),
        timestamp=None,
        **empty,
    )


def codes(session):
    is_community = t.DivisionUnit.level == "community"
    return list(session.scalars(select(t.DivisionUnit.code).where(is_community)))


def test_outlines_of_an_extract_are_mended_when_a_person_accepts_it(session):
    work = Work(session, SYSTEM, NOW)
    with pytest.raises(InvalidInput) as refused:
        import_extract(work, extract(0.00599), "town.osm.pbf", commit=True)
    assert "--accept-repairs" in with_hints(refused.value.defects[0])
    assert not codes(session)
    (outcome,) = import_extract(
        work, extract(0.00599), "town.osm.pbf", commit=True, accept_repairs=True
    )
    assert [r.state for r in outcome.repairs] == ["mended"] and len(codes(session)) == 2
