"""Every measure is counted by one kind of record, whose query has the columns it needs."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gis.database.calendar import born_by, day_of_age
from gis.store.counts.recount import measures_of, recount
from gis.store.tables.kinds import CountedInBlock, kinds_with
from gis.words.measures import MEASURES
from tests.counted import counts_of
from tests.factories import NOW


def test_every_measure_is_counted_once():
    assert sorted(measures_of(kinds_with(CountedInBlock))) == sorted(MEASURES)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.dates(date(1900, 1, 1), date(2030, 1, 1)), min_size=1, max_size=20),
    st.integers(1, 110),
    st.integers(-2, 2),
)
def test_the_day_of_an_age_is_the_first_on_which_one_is_of_it(connection, born, years, days):
    leap = [date(y, 2, n) for y in (1904, 1960, 1964, 1996) for n in (28, 29)]
    query = text(
        f"SELECT d, {day_of_age('d', years)}, d <= {born_by('on_day', years)}"
        f" FROM (SELECT d, {day_of_age('d', years)} + :days AS on_day"
        " FROM unnest(CAST(:born AS date[])) d) s"
    )
    for d, first, is_of_age in connection.execute(query, {"born": born + leap, "days": days}):
        assert is_of_age == (days >= 0), d
        assert first - timedelta(days=1) <= date(d.year + years, d.month, min(d.day, 28)) + (
            timedelta(days=d.day - min(d.day, 28))
        )


def test_only_the_kinds_and_blocks_that_are_asked_are_counted(session, town):
    first, second = town.communities[0].blocks[:2]
    session.execute(text("UPDATE household SET people = 5"))
    session.execute(text("UPDATE incident SET closed_at = occurred_at"))
    recount(session, now=NOW, kinds=["incidents"])
    assert set(counts_of(session, "people").values()) == {6}
    assert counts_of(session, "open_incidents") == {}
    recount(session, now=NOW, blocks=[first.id])
    people = counts_of(session, "people")
    assert (people[first.id], people[second.id]) == (10, 6)
    recount(session, now=NOW, blocks=[], communities=[town.communities[0].id])
    people = counts_of(session, "people")
    assert people[second.id] == 10 and people[town.communities[1].blocks[0].id] == 6


def test_a_recount_writes_only_what_differs(session, town):
    stamps = "SELECT block_id, measure, xmin::text, ctid::text FROM block_count ORDER BY 1, 2"
    before = session.execute(text(stamps)).all()
    recount(session, now=NOW)
    assert session.execute(text(stamps)).all() == before
