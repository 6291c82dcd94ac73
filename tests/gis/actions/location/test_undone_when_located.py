"""Undoing an import in a town that is drawn and located: places and counts are as before."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from gis.actions.location.geocode import geocode_subject
from gis.actions.location.review import place_pin
from gis.actions.location.undone_imports import list_obstacles, undo_import
from gis.domain.access import Scope
from gis.domain.kinds import KINDS
from gis.store import tables as t
from tests.drawn_town import (
    frame,
    house_place,
    incident_row,
    put,
)
from tests.factories import make_user
from tests.undone import (
    ACCEPTED,
    LATER,
    differing,
    everything,
    incidents,
    moved_households,
    newest,
    places,
    refusal_of,
    residents,
    work_at,
)


@pytest.mark.parametrize(
    ("kind", "records"),
    [("households", moved_households), ("residents", residents), ("incidents", incidents),
     ("places", places)],
)  # fmt: skip
def test_what_was_located_lies_and_counts_again_where_it_did(town_session, kind, records):
    session, before = town_session, everything(town_session)
    assert put(session, kind, records(), now=LATER, **ACCEPTED).state == "committed"
    batch = newest(session)
    if KINDS[kind].is_located:
        geocode_subject(work_at(session), kind)
    undo_import(work_at(session), batch)
    assert differing(before, everything(session)) == {}
    stored = session.get(t.ImportBatch, batch)
    assert (stored.state, stored.undone_at, stored.keeps_former) == ("undone", LATER, False)
    assert session.query(t.AuditEntry).filter_by(action="import.undo").count() == 1


def test_what_rests_on_an_import_is_told_and_nothing_is_changed(town_session):
    session = town_session
    batches = dict(session.execute(select(t.ImportBatch.kind, t.ImportBatch.id)).all())
    before = everything(session)
    assert "blocks of 2 communities were built since" in refusal_of(session, batches["buildings"])
    assert "blocks of 2 communities" in refusal_of(session, batches["barriers"])
    assert "records are located by its addresses" in refusal_of(session, batches["addresses"])
    told = [str(m) for m in list_obstacles(work_at(session), batches["communities"])]
    assert "blocks were built in its communities" in told
    assert any("lie in its communities" in words for words in told)
    assert differing(before, everything(session)) == {}


def test_what_a_person_decided_holds_the_records(town_session):
    session = town_session
    person = make_user(session, "reviewer", "community_manager")
    put(session, "incidents", frame("incidents", [incident_row("E9", "天上街9号")]), now=LATER)
    batch = newest(session)
    geocode_subject(work_at(session), "incidents")
    scope = Scope(person.id, "r", "R", frozenset({"community_manager"}), None)
    incident = session.scalars(select(t.Incident)).one()
    lon, lat = house_place(0, 1, 2)
    moment = LATER.replace(hour=12)
    place_pin(work_at(session, moment, scope), "incident", incident.id, lon=lon, lat=lat)
    assert "placed or set aside by people" in refusal_of(session, batch)
