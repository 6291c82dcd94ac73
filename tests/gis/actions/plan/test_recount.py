"""Whatever happens to records, blocks and plans, counts are those of the raw rows counted by hand.

Every rule does what a person or a file does, through the actions; after each, every measure is
counted again from the rows in Python, and compared for today and for days to come.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from shapely import LineString
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.casework.topics import change_topic
from gis.actions.location import review
from gis.actions.location.geocode import geocode_subject, locate_accepted
from gis.actions.plan.branching import branch_plan
from gis.actions.plan.cutting import cut_through
from gis.actions.plan.editions import save_copy
from gis.actions.plan.renewed_blocks import retire_blocks
from gis.actions.plan.workspace import open_copy, take_step
from gis.domain.access import SYSTEM, Scope
from gis.domain.topic import TopicSketch
from gis.errors import GisError
from gis.store import tables as t
from gis.store.area import divisions
from gis.store.counts.block_figures import entrance_counts
from gis.store.counts.recount import recount
from gis.store.plan.handover_counts import handover_counts
from gis.store.plan.plans import live_plan_id
from gis.store.plan.workload import work_counts
from gis.words.measures import UNDATED
from tests.drawn_town import (
    HOUSES_PER_ROW,
    NOW,
    WIDTH,
    addresses,
    at,
    frame,
    house_place,
    household_rows,
    incident_row,
    put,
)
from tests.factories import make_user
from tests.gis.actions.conftest import build_blocks_of, publish_draft

ZONE = ZoneInfo("Asia/Shanghai")
PLACE = st.integers(0, 10_000)
SUBJECTS = {"household": t.Household, "place": t.Place, "incident": t.Incident}
TOPICS = ("noise", "theft", "neighbour_dispute")


# Counting by hand


def comes_of_age(born: date) -> date:
    """Give the day on which somebody is 65; born on 29 February, it is 1 March."""
    try:
        return born.replace(year=born.year + 65)
    except ValueError:
        return date(born.year + 65, 3, 1)


class RawRows:
    """The rows that count, read once: ``at(day)`` counts them by ``(block, measure, month)``."""

    def __init__(self, session, zone: ZoneInfo):
        self.zone = zone
        self.in_use = set(session.scalars(select(t.Block.id).where(t.Block.retired_at.is_(None))))
        self.people: dict = {}
        residents = select(t.Resident.household_id, t.Resident.birth_date, t.Resident.category)
        for home, born, category in session.execute(residents):
            self.people.setdefault(home, []).append((born, category == "floating"))
        parts = select(t.Address.id, t.Address.building, t.Address.stairwell)
        self.doors = {
            id_: "-".join(part for part in named if part is not None)
            for id_, *named in session.execute(parts)
        }
        self.sensitive = dict(session.execute(select(t.Topic.code, t.Topic.sensitive)).all())
        home, case = t.Household, t.Incident
        self.homes = self.accepted(session, home, home.id, home.people, home.address_id)
        self.places = self.accepted(session, t.Place)
        self.cases = self.accepted(session, case, case.topic, case.occurred_at, case.closed_at)

    def accepted(self, session, table, *columns) -> list:
        rows = session.execute(select(table.status, table.block_id, *columns))
        return [tuple(row) for status, *row in rows if status == "accepted"]

    def at(self, day: date) -> Counter:
        found: Counter = Counter()
        for block, home, n, address in self.homes:
            people = self.people.get(home, ())
            old = [born is not None and comes_of_age(born) <= day for born, _ in people]
            found[block, "households", UNDATED] += 1
            found[block, "people", UNDATED] += n
            found[block, "special_care", UNDATED] += any(old)
            key = [is_old or floats for is_old, (_, floats) in zip(old, people, strict=True)]
            found[block, "key_people", UNDATED] += sum(key)
            if door := self.doors.get(address):
                found[block, f"entrances:{door}", UNDATED] += 1
        for (block,) in self.places:
            found[block, "places", UNDATED] += 1
        for block, topic, occurred, closed in self.cases:
            month = occurred.astimezone(self.zone).date().replace(day=1)
            found[block, f"incidents:{topic}", month] += 1
            is_told = closed is None and not self.sensitive[topic]
            found[block, "open_incidents", UNDATED] += is_told
        return Counter({key: n for key, n in found.items() if n and key[0] in self.in_use})


def counted_in_table(session, day: date) -> Counter:
    """Read the counts; what is dated to the day holds from that day on."""
    found: Counter = Counter()
    c = t.BlockCount
    for block, measure, month, nth, n in session.execute(
        select(c.block_id, c.measure, c.month, c.day, c.n)
    ):
        if measure.startswith("incidents:"):
            found[block, measure, month] += n
        elif month + timedelta(days=nth - 1) <= day:
            found[block, measure, UNDATED] += n
    return found


# Anything may happen


class Counting(RuleBasedStateMachine):
    """The drawn town, with a plan in force, people of many ages, places and incidents."""

    session = None
    scope = None

    def __init__(self):
        super().__init__()
        self.step = self.session.begin_nested()
        self.now = NOW
        self.n = 0
        self.decisions = []

    def teardown(self):
        self.step.rollback()
        self.session.expire_all()

    # -- what is chosen ------------------------------------------------------------------------

    @property
    def communities(self):
        return divisions.communities(self.session, SYSTEM)

    def pick(self, subject, place):
        ids = self.session.scalars(select(SUBJECTS[subject].id)).all()
        return sorted(ids)[place % len(ids)] if ids else None

    def spot(self, place):
        """Choose a house, a point between, or one on the border of the communities."""
        if place % 5 == 0:
            return at(WIDTH, 0.0003 * (place % 13))
        lon, lat = house_place(place % 2, place // 2 % 4, place // 8 % HOUSES_PER_ROW)
        return lon + place % 3 * 1e-4, lat

    def number(self, letter):
        self.n += 1
        return f"{letter}{self.n}"

    # -- records -------------------------------------------------------------------------------

    @rule(subject=st.sampled_from(sorted(SUBJECTS)), place=PLACE, to=PLACE)
    def move(self, subject, place, to):
        if (record := self.pick(subject, place)) is None:
            return
        lon, lat = self.spot(to)
        try:
            decision = review.place_pin(
                Work(self.session, self.scope, self.now), subject, record, lon=lon, lat=lat
            )
        except GisError:
            return
        self.decisions.append(decision)

    @precondition(lambda self: self.decisions)
    @rule()
    def undo_the_last(self):
        decision = self.decisions.pop()
        try:
            review.undo(Work(self.session, self.scope, self.now), decision)
        except GisError:
            return

    @rule(place=PLACE, n=st.integers(0, 9))
    def deliver_households(self, place, n):
        rows = household_rows()
        row = rows[place % len(rows)] | {"people": n}
        if place % 3 == 0:
            row["address_text"] = rows[place // 3 % len(rows)]["address_text"]
        put(self.session, "households", frame("households", [row]), now=self.now)

    @rule(
        place=PLACE,
        days=st.sampled_from([-1, 0, 1, 40, 400, 5 * 365, 5 * 366 + 2, 9000]),
        leap=st.booleans(),
        category=st.sampled_from(["registered", "floating"]),
    )
    def deliver_residents(self, place, days, leap, category):
        household = household_rows()[place % 360]["number"]
        comes = self.now.date() + timedelta(days=days)
        born = date(1964, 2, 29) if leap else comes.replace(year=comes.year - 65, day=1)
        born += timedelta(days=0 if leap else comes.day - 1)
        row = {"household_number": household, "name": self.number("某"), "birth_date": born}
        row["category"] = category
        put(self.session, "residents", frame("residents", [row]), now=self.now)

    @rule(place=PLACE, topic=st.sampled_from(TOPICS), hours=st.integers(-2000, 0))
    def deliver_incidents(self, place, topic, hours):
        when = datetime(2026, 3, 1, tzinfo=ZONE) + timedelta(hours=hours)
        times = {"occurred_at": when, "closed_at": when if place % 2 else None}
        row = incident_row(f"E{place % 7}", None, topic=topic) | times
        lon, lat = self.spot(place)
        rows = frame("incidents", [row | {"lon": lon, "lat": lat}])
        put(self.session, "incidents", rows, now=self.now)

    @rule(place=PLACE)
    def deliver_places(self, place):
        lon, lat = self.spot(place)
        row = {"name": f"P{place % 5}", "kind": "shop", "lon": lon, "lat": lat}
        put(self.session, "places", frame("places", [row]), now=self.now)

    @rule(place=PLACE, building=st.sampled_from(["1", "2"]), stairwell=st.sampled_from([None, "3"]))
    def deliver_addresses(self, place, building, stairwell):
        rows = addresses().iloc[[place % 72]].copy()
        rows.index = [1]
        rows["building"], rows["stairwell"] = building, stairwell
        put(self.session, "addresses", rows, now=self.now)

    @rule(kind=st.sampled_from(["households", "incidents", "places"]), everything=st.booleans())
    def locate(self, kind, everything):
        geocode_subject(Work(self.session, SYSTEM, self.now), kind, everything=everything)

    @rule(topic=st.sampled_from(TOPICS), sensitive=st.booleans())
    def decide_about_a_topic(self, topic, sensitive):
        sketch = TopicSketch(topic, f"题{topic}", topic.title(), "order", sensitive)
        change_topic(Work(self.session, SYSTEM, self.now), sketch)

    @rule(days=st.integers(1, 400))
    def time_goes_on(self, days):
        self.now += timedelta(days=days)

    # -- ground --------------------------------------------------------------------------------

    @rule(place=PLACE)
    def cut(self, place):
        query = select(t.Block.id).where(t.Block.retired_at.is_(None)).order_by(t.Block.id)
        block = (ids := self.session.scalars(query).all()) and ids[place % len(ids)]
        if not block:
            return
        x0, y0, x1, y1 = self.session.execute(
            select(*(getattr(t.Block.geom, f"ST_{n}")() for n in ("XMin", "YMin", "XMax", "YMax")))
            .where(t.Block.id == block)
        ).one()  # fmt: skip
        x = x0 + (0.05 + place % 17 / 20) * (x1 - x0)
        try:
            line = [[x, y0 - 1e-3], [x, y1 + 1e-3]]
            cut_through(Work(self.session, SYSTEM, self.now), block, line)
        except GisError:
            return

    @rule(which=st.sampled_from([0, 1]), place=PLACE)
    def build_a_road(self, which, place):
        x = which * WIDTH + 0.0002 + place % 50 * 0.0001
        road = LineString([at(x, -0.0001), at(x, 0.0041)])
        put(self.session, "barriers", frame("barriers", [{"kind": "minor_road"}], [road]))
        build_blocks_of(self.session, self.communities[which], self.now)

    @rule(which=st.sampled_from([0, 1]), again=st.booleans())
    def retire(self, which, again):
        community = self.communities[which]
        retire_blocks(self.session, community.id, self.now)
        if again:
            build_blocks_of(self.session, community, self.now)
            locate_accepted(Work(self.session, SYSTEM, self.now))

    # -- plans ---------------------------------------------------------------------------------

    @rule(place=PLACE, publish=st.booleans())
    def change_the_plan(self, place, publish):
        live = live_plan_id(self.session, self.communities[0].id)
        self.now += timedelta(days=1)
        try:
            with self.session.begin_nested():
                plan = branch_plan(
                    Work(self.session, self.scope, self.now), live, name=self.number("plan")
                ).plan_id
                division = open_copy(Work(self.session, self.scope, self.now), plan).division
                blocks, grids = sorted(division.number), sorted(division.numbers())
                moves = {blocks[place % len(blocks)]: grids[place // 7 % len(grids)]}
                take_step(Work(self.session, self.scope, self.now), plan, "paint", moves)
                save_copy(Work(self.session, self.scope, self.now), plan)
                if publish:
                    publish_draft(self.session, plan, now=self.now)
        except GisError:
            return

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def counts_are_those_of_the_raw_rows(self):
        today, rows = self.now.date(), RawRows(self.session, ZONE)
        self.by_hand = rows.at(today)
        for ahead in (0, 1, 45, 500, 5 * 365 - 1):
            day = today + timedelta(days=ahead)
            assert counted_in_table(self.session, day) == rows.at(day), day

    @invariant()
    def a_recount_of_everything_changes_no_figure(self):
        before = counted_in_table(self.session, self.now.date())
        with self.session.begin_nested() as point:
            recount(self.session, now=self.now)
            assert counted_in_table(self.session, self.now.date()) == before
            point.rollback()

    @invariant()
    def who_reads_counts_reads_the_same(self):
        cases = {k: n for k, n in self.by_hand.items() if k[1].startswith("incidents:")}
        last = max((month for *_, month in cases), default=UNDATED)
        year, recent = last.replace(year=max(last.year - 1, 1)), Counter()
        for (block, _, month), n in cases.items():
            recent[block] += n * (month > year)
        for community in self.communities:
            for read in (handover_counts, work_counts):
                figures = read(self.session, community.id, today=self.now.date()).to_dict()
                for name, found in figures.items():
                    for block, n in found.items():
                        by_hand = self.by_hand[block, name, UNDATED]
                        assert n == (recent[block] if name == "incidents" else by_hand), name
        blocks = {block for block, *_ in self.by_hand}
        doors = {
            (block, f"entrances:{door}", UNDATED): n
            for block, found in entrance_counts(self.session, blocks).items()
            for door, n in found.items()
        }
        assert doors == {k: n for k, n in self.by_hand.items() if k[1].startswith("entrances:")}

    @invariant()
    def grids_of_every_plan_have_what_their_blocks_have(self):
        blocks = {}
        for grid, block in self.session.execute(
            select(t.BlockAssignment.grid_id, t.BlockAssignment.block_id)
        ):
            blocks.setdefault(grid, []).append(block)
        grids = select(t.Grid.id, t.Grid.households, t.Grid.people)
        for grid, *stored in self.session.execute(grids):
            assert stored == [
                sum(self.by_hand[block, name, UNDATED] for block in blocks.get(grid, ()))
                for name in ("households", "people")
            ]


@pytest.mark.slow
def test_counts_are_those_of_the_raw_rows_whatever_happens(town, town_session):
    session = Counting.session = town_session
    user = make_user(session, "all", "planner")
    roles = frozenset({"planner", "community_manager"})
    Counting.scope = Scope(user.id, user.login, user.name, roles, None)
    rows = [incident_row(f"E{n}", None, topic=topic) for n, topic in enumerate(TOPICS)]
    points = [house_place(0, 0, n) for n in range(len(rows))]
    placed = [row | {"lon": lon, "lat": lat} for row, (lon, lat) in zip(rows, points, strict=True)]
    put(session, "incidents", frame("incidents", placed))
    geocode_subject(Work(session, SYSTEM, NOW), "incidents")
    session.flush()
    run_state_machine_as_test(
        Counting,
        settings=settings(
            max_examples=4,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
