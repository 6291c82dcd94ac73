"""A file whose coordinates are all wrong is told, offered a correction, corrected, and undone."""

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select

from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject
from gis.actions.location.misplacement import (
    apply_offer,
    correct_subject,
    describe,
    offers,
    undo_offer,
)
from gis.actions.provenance.imports import Source
from gis.cli.misplaced import tell_offer
from gis.domain.access import SYSTEM, Scope
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.geometry.correction import Correction
from gis.geometry.datum import gcj02_from_wgs84
from gis.store import tables as t
from tests.drawn_town import (
    NAMES,
    NOW,
    STREETS,
    frame,
    house_place,
    houses,
    incident_row,
    number_of,
    put,
)

FILE = Source("shifted.csv")


def a_file(kind, shift=gcj02_from_wgs84, *, text=True, n=72):
    """Give a record at every house, its coordinates shifted."""
    rows = []
    for i, r, c in houses()[:n]:
        lon, lat = (float(v[0]) for v in shift(*(np.array([v]) for v in house_place(i, r, c))))
        said = f"{NAMES[i]}{STREETS[r]}{number_of(i, c)}号" if text else None
        common = {"address_text": said, "lon": lon, "lat": lat}
        if kind == "incidents":
            rows.append(incident_row(f"S{i}{r}{c}", said, lon=lon, lat=lat))
        else:
            rows.append({"number": f"S{i}{r}{c}", "people": 1, **common})
    return frame(kind, rows)


def straight(lon, lat):
    return lon, lat


def put_file(session, kind="incidents", **options):
    return put(session, kind, a_file(kind, **options), source=FILE)


def blocks_and_given(session, kind=t.Incident):
    session.expire_all()
    query = select(kind.number, kind.block_id, kind.status, kind.given_lon, func.ST_X(kind.geom))
    return {r[0]: tuple(r[1:]) for r in session.execute(query.where(kind.number.like("S%")))}


def batch_id(session):
    return session.scalar(select(func.max(t.ImportBatch.id)))


# At the import, before anything is stored


@pytest.mark.parametrize("kind", ["incidents", "households"])
def test_a_dry_run_says_that_the_coordinates_look_like_gcj02(town, town_session, kind):
    outcome = put(town_session, kind, a_file(kind), source=FILE, commit=False)
    found = outcome.misplacement
    assert str(found.correction) == "gcj02" and found.n_compared == found.n_right_after == 72
    assert 500 < found.before_m < 560 and outcome.state == "dry_run"


@pytest.mark.parametrize("kind", ["incidents", "households"])
def test_a_right_file_is_not_doubted(town, town_session, kind):
    assert put(town_session, kind, a_file(kind, straight), commit=False).misplacement is None


def test_households_without_texts_are_held_against_the_buildings(town, town_session):
    found = put_file(town_session, "households", text=False).misplacement
    assert str(found.correction) == "gcj02" and found.before_m is None
    assert (found.n_compared, found.n_right_after) == (72, 72)


def test_a_register_in_gcj02_is_told_too(town, town_session):
    rows = [{"text": f"{NAMES[i]}新街{r}{c}号"} for i, r, c in houses()]
    places = np.array([house_place(*h) for h in houses()]).T
    records = frame("addresses", rows, list(shapely.points(*gcj02_from_wgs84(*places))))
    outcome = put(town_session, "addresses", records, commit=False)
    assert str(outcome.misplacement.correction) == "gcj02"
    right = frame("addresses", rows, list(shapely.points(*places)))
    assert put(town_session, "addresses", right, commit=False).misplacement is None


def test_a_file_read_in_a_wrong_zone_is_told_by_the_outlines(town, town_session):
    found = put_file(town_session, shift=lambda lon, lat: (lon + 3, lat), text=False).misplacement
    assert str(found.correction) == "zone:-3" and found.n_right_before == 0


def test_in_a_town_smaller_than_the_shift_the_outlines_alone_tell(town, town_session):
    found = put_file(town_session, text=False).misplacement
    assert str(found.correction) == "gcj02" and found.n_right_before < 20


# After locating: offered, applied, undone


def test_an_offer_is_there_after_locating_and_nothing_was_changed(town, town_session):
    put_file(town_session)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    (offer,) = offers(town_session, SYSTEM)
    assert (offer.subject, offer.correction, offer.applied) == ("incidents", "gcj02", False)
    assert offer.n_right_after == offer.n_compared == 72 and offer.after_m < 1
    assert offer.batch_id == batch_id(town_session)
    assert "--correct gcj02" in tell_offer(offer) and "72 of 72 rows lie 5" in tell_offer(offer)
    stored = blocks_and_given(town_session)
    assert {status for _, status, *_ in stored.values()} == {"review"}, "far from given"


def test_applying_locates_the_file_and_keeps_what_was_given(town, town_session):
    put_file(town_session)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    before = blocks_and_given(town_session)
    outcome = apply_offer(Work(town_session, SYSTEM, NOW), batch_id(town_session))
    assert (outcome.total, outcome.accepted) == (72, 72)
    after = blocks_and_given(town_session)
    assert {n: given for n, (*_, given, _) in after.items()} == {
        n: given for n, (*_, given, _) in before.items()
    }
    assert {status for _, status, *_ in after.values()} == {"accepted"}
    (offer,) = offers(town_session, SYSTEM)
    assert offer.applied and "corrected as gcj02" in tell_offer(offer)


def test_undoing_brings_everything_back(town, town_session):
    put_file(town_session)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    before, batch = blocks_and_given(town_session), batch_id(town_session)
    apply_offer(Work(town_session, SYSTEM, NOW), batch)
    undo_offer(Work(town_session, SYSTEM, NOW), batch)
    assert blocks_and_given(town_session) == before
    (offer,) = offers(town_session, SYSTEM)
    assert not offer.applied, "and is offered again"


def test_records_without_texts_are_placed_by_the_corrected_coordinates(town, town_session):
    put_file(town_session, "households", text=False)
    correct_subject(Work(town_session, SYSTEM, NOW), "households", "gcj02")
    stored = blocks_and_given(town_session, t.Household)
    for number, (_, status, given, lon) in stored.items():
        place = house_place(*(int(d) for d in number[1:]))
        assert status == "accepted" and abs(lon - place[0]) < 1e-9 and abs(given - lon) > 1e-3


def test_each_file_is_corrected_alone(town, town_session):
    put_file(town_session)
    first = batch_id(town_session)
    lon, lat = house_place(0, 1, 2)
    put(town_session, "incidents", frame("incidents", [
        incident_row("SX", f"{NAMES[0]}滨江路3号", lon=lon, lat=lat)]))  # fmt: skip
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    assert [o.batch_id for o in offers(town_session, SYSTEM)] == [first]
    before = blocks_and_given(town_session)["SX"]
    apply_offer(Work(town_session, SYSTEM, NOW), first)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents", everything=True)
    after = blocks_and_given(town_session)
    assert after["SX"] == before and before[1] == "accepted"
    assert {status for _, status, *_ in after.values()} == {"accepted"}


# What is refused


def test_what_is_not_offered_cannot_be_applied(town, town_session):
    put_file(town_session, shift=straight)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    batch = batch_id(town_session)
    assert offers(town_session, SYSTEM) == []
    for act in (apply_offer, undo_offer):
        with pytest.raises(Conflict):
            act(Work(town_session, SYSTEM, NOW), batch)
    for text in ("gcj02", "none"):
        with pytest.raises(Conflict, match="offered: none"):
            correct_subject(Work(town_session, SYSTEM, NOW), "incidents", text)
    with pytest.raises(InvalidInput, match="no correction"):
        correct_subject(Work(town_session, SYSTEM, NOW), "incidents", "gcj-02")
    with pytest.raises(InvalidInput, match="choose one of"):
        correct_subject(Work(town_session, SYSTEM, NOW), "addresses", "gcj02")
    with pytest.raises(NotFound):
        apply_offer(Work(town_session, SYSTEM, NOW), 10**6)


def test_an_offer_is_not_applied_twice(town, town_session):
    put_file(town_session)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    batch = batch_id(town_session)
    apply_offer(Work(town_session, SYSTEM, NOW), batch)
    with pytest.raises(Conflict):
        apply_offer(Work(town_session, SYSTEM, NOW), batch)


def test_who_decides_on_places_sees_offers_and_who_imports_applies_them(town, town_session):
    put_file(town_session)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    manager = Scope(None, "m", "M", frozenset({"community_manager"}), None)
    official = Scope(None, "o", "O", frozenset({"official"}), None)
    assert len(offers(town_session, manager)) == 1
    with pytest.raises(NotAllowed):
        offers(town_session, official)
    with pytest.raises(NotAllowed):
        apply_offer(Work(town_session, manager, NOW), batch_id(town_session))


def test_a_finding_by_outline_is_said_without_a_distance():
    said = describe(Correction("zone", degrees=3.0), 640, 0, 640, None)
    assert said == (
        "only 0 of 640 rows lie where they can, and 640 would if corrected,"
        " as coordinates do that were read in a wrong zone"
    )
