"""What a new worker takes over, counted by block: a block may be one house."""

from sqlalchemy import select

from gis.store import tables as t
from gis.store.counts.recount import recount
from gis.store.plan.handover_counts import handover_counts
from tests.factories import NOW, TODAY


def test_open_incidents_of_a_sensitive_topic_are_not_told_by_block(session, town):
    first = town.communities[0]
    before = handover_counts(session, first.id, today=TODAY)["open_incidents"]
    assert before.sum() == 6
    incident = session.scalars(select(t.Incident).where(t.Incident.topic == "noise")).first()
    incident.topic = "neighbour_dispute"
    recount(session, now=NOW)
    after = handover_counts(session, first.id, today=TODAY)["open_incidents"]
    assert after.sum() == 5
