"""Whoever asks the store for people or places is told of those of the own area, and of no others.

The functions that read rows of people or places are found by `tests.reading_people`: each of them
takes the scope, and is called here with one beside the planted rows and one that holds them. What
only the system's own work calls is listed with the reason.
"""

import ast
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

import gis
from gis.actions.location.search import refresh_search
from gis.domain.access import Scope
from gis.domain.kinds import KINDS
from gis.domain.period import parse_period
from gis.errors import NotAllowed, NotFound
from gis.store import tables as t
from gis.store.casework.incidents import incident_rows
from gis.store.casework.topics import topic_rows
from gis.store.counts.waiting_records import count_waiting
from gis.store.ground.exclusive import exclusive_blocks
from gis.store.location import review
from gis.store.location.listed_records import list_records, record_rows
from gis.store.location.search import search
from gis.store.location.search_hits import described
from gis.store.location.standing import list_located
from gis.store.provenance.records import where_named
from gis.store.register.households import get_household, list_households, phone_of
from gis.store.register.households_changing_grid import (
    count_households_changing_grid,
    list_households_changing_grid,
)
from gis.store.statistics.by_level import statistics
from gis.store.statistics.counted_registers import with_registers
from gis.store.statistics.hotspots import find_hotspots
from gis.store.statistics.stretches import count_stretches
from gis.store.statistics.town_report import town_report
from gis.words.permissions import PERMISSIONS_OF_ROLE
from tests.factories import Town, block_square, ewkt
from tests.reading_people import reading_people, takes_scope

ROOT = Path(gis.__file__).parents[1]

SYSTEM_WORK = {
    "an import holds its rows against all that are stored, whoever brings them": {
        "provenance.deliveries.list_missing",
        "provenance.deliveries.stored_rows",
        "provenance.deliveries.update_rows",
        "provenance.records.ids_by_name",
        "provenance.records.insert_rows",
        "register.waiting_residents.adopt_residents",
        "register.waiting_residents.count_residents_of",
    },
    "an import is undone whole or not at all, wherever its rows lie": {
        "location.overtaken.count_decided_since",
        "provenance.former_rows.put_back",
        "provenance.resting.list_references",
    },
    "a file that is checked as a whole is checked on all its rows": {
        "area.known_ground.known_ground",
        "location.misplacements.batches_of",
        "location.misplacements.given_points",
        "location.misplacements.witnesses",
    },
    "a run of geocoding locates every record": {
        "location.locations.count_undecided",
        "location.locations.read_chunk",
        "location.locations.without_block",
        "location.locations.write_locations",
    },
    "blocks built anew take along whatever lies in them": {
        "ground.block_lineage.count_unlocated",
        "ground.block_lineage.locate_again",
    },
    "how the whole installation stands: its clocks, and whether it holds real people": {
        "access.real_people.holds_real_rows",
        "casework.incident_times.count_incidents",
        "casework.incident_times.keep_clock_times",
    },
}
"""Functions that read for no person, by the reason; the list may only become shorter."""

FEBRUARY = parse_period("2026-02")
MONTH = {"by": "community", "topic": "all", "period": FEBRUARY}
PLACES = replace(KINDS["places"], counted_as="places")


@dataclass
class Planted:
    """The rows of people and places of the first community of the tiny town."""

    town: Town
    place: t.Place

    @property
    def home(self):
        return self.town.communities[0]

    @property
    def blocks(self):
        return [b.id for b in self.home.blocks]

    @property
    def located(self):
        return {h.number for h in self.home.households}

    @property
    def waiting(self):
        return {h.id for h in self.town.waiting}

    @property
    def incidents(self):
        return {i.number for i in self.town.incidents}


@pytest.fixture
def planted(session, tiny_town):
    """Plant an exclusive place, and an incident on a stretch of house numbers, beside the rest."""
    home, incident = tiny_town.communities[0], tiny_town.incidents[0]
    incident.number_from, incident.number_to = 3, 9
    place = t.Place(
        name="植物中学",
        exclusive=True,
        community_id=home.id,
        block_id=home.blocks[5].id,
        status="accepted",
        level="number",
        score=1.0,
        geom=ewkt(block_square(0, 5).centroid),
        synthetic=True,
        import_batch_id=incident.import_batch_id,
    )
    session.add(place)
    session.flush()
    refresh_search(session)
    return Planted(tiny_town, place)


def each_that_is_found(read, ids):
    """Give those of some ids that can be read one at a time."""
    found = set()
    for one in ids:
        try:
            read(one)
        except NotFound:
            continue
        found.add(one)
    return found


def ids_of(planted):
    return {h.id for h in planted.home.households}


def names_found(session, planted):
    query = select(t.SearchName.id).where(t.SearchName.record_id == planted.place.id)
    return list(session.execute(query))


def codes_of(planted):
    return pd.DataFrame({"code": [c.unit.code for c in planted.town.communities]})


def rows_at_home(table, planted, column):
    return int(table[column][table["code"] == planted.home.unit.code].sum())


CASES = {
    "casework.incidents.incident_rows": (
        lambda s, scope, p: set(incident_rows(s, scope)["number"]),
        lambda p: p.incidents,
    ),
    "casework.topics.topic_rows": (
        lambda s, scope, p: sum(row.incidents for row in topic_rows(s, scope)),
        lambda p: len(p.incidents),
    ),
    "counts.waiting_records.count_waiting": (
        lambda s, scope, p: count_waiting(s, scope, "households", p.home.id),
        lambda p: sum(h.status == "review" for h in p.town.waiting),
    ),
    "ground.exclusive.exclusive_blocks": (
        lambda s, scope, p: set(exclusive_blocks(s, scope, p.home.id).values()),
        lambda p: {p.place.name},
    ),
    "location.listed_records.list_records": (
        lambda s, scope, p: {r.id for r in list_records(s, scope, KINDS["places"], limit=9).rows},
        lambda p: {p.place.id},
    ),
    "location.listed_records.record_rows": (
        lambda s, scope, p: set(record_rows(s, scope, KINDS["places"], ["name"])["name"]),
        lambda p: {p.place.name},
    ),
    "location.review.count_waiting": (
        lambda s, scope, p: sum(row.n for row in review.count_waiting(s, scope)),
        lambda p: len(p.waiting),
    ),
    "location.review.get_subject": (
        lambda s, scope, p: each_that_is_found(
            lambda i: review.get_subject(s, scope, "household", i), p.waiting
        ),
        lambda p: p.waiting,
    ),
    "location.review.list_waiting": (
        lambda s, scope, p: {row.id for row in review.list_waiting(s, scope)[1]},
        lambda p: p.waiting,
    ),
    "location.search.search": (
        lambda s, scope, p: {hit.name for hit in search(s, scope, p.place.name)},
        lambda p: {p.place.name},
    ),
    "location.search_hits.described": (
        lambda s, scope, p: {h.name for h in described(s, scope, names_found(s, p), None)},
        lambda p: {p.place.name},
    ),
    "provenance.records.where_named": (
        lambda s, scope, p: set(where_named(s, scope, "households", sorted(p.located))["name"]),
        lambda p: p.located,
    ),
    "location.standing.list_located": (
        lambda s, scope, p: sum(k.accepted for k in list_located(s, scope) if k.kind == "places"),
        lambda p: 1,
    ),
    "register.households.get_household": (
        lambda s, scope, p: each_that_is_found(lambda i: get_household(s, scope, i), ids_of(p)),
        ids_of,
    ),
    "register.households.list_households": (
        lambda s, scope, p: {r.number for r in list_households(s, scope, limit=100).rows},
        lambda p: p.located,
    ),
    "register.households.phone_of": (
        lambda s, scope, p: each_that_is_found(lambda i: phone_of(s, scope, i), ids_of(p)),
        ids_of,
    ),
    "register.households_changing_grid.count_households_changing_grid": (
        lambda s, scope, p: count_households_changing_grid(s, scope, p.blocks),
        lambda p: len(p.located),
    ),
    "register.households_changing_grid.list_households_changing_grid": (
        lambda s, scope, p: {
            m.number
            for m in list_households_changing_grid(s, scope, p.blocks, after=None, limit=100)
        },
        lambda p: p.located,
    ),
    "statistics.by_level.statistics": (
        lambda s, scope, p: rows_at_home(statistics(s, scope, **MONTH), p, "households"),
        lambda p: len(p.located),
    ),
    "statistics.hotspots.find_hotspots": (
        lambda s, scope, p: set(find_hotspots(s, scope, topic="all", period=FEBRUARY)["code"]),
        lambda p: {grid.code for grid in p.home.grids},
    ),
    "statistics.counted_registers.with_registers": (
        lambda s, scope, p: rows_at_home(
            with_registers(s, scope, codes_of(p), by="community", kinds=[PLACES]), p, "places"
        ),
        lambda p: 1,
    ),
    "statistics.stretches.count_stretches": (
        lambda s, scope, p: count_stretches(s, scope, topic="noise", period=FEBRUARY),
        lambda p: 1,
    ),
    "statistics.town_report.town_report": (
        lambda s, scope, p: (
            {kind for kind, n in town_report(s, scope)["geocoding"].items() if n.get("none")}
            | set(town_report(s, scope)["geocoding"]["places"])
        ),
        lambda p: {"households", "accepted"},
    ),
}
"""Of every function: how it is asked, and what it tells of the planted rows to whom they belong."""


def scope_of(community, *, roles=frozenset(PERMISSIONS_OF_ROLE)):
    """Give the scope of somebody who may do everything, in one community and its grids."""
    codes = frozenset(grid.code for grid in community.grids)
    return Scope(1, "all", "All", frozenset(roles), frozenset({community.id}), codes)


def told(session, scope, planted, name):
    """Ask a function, and leave out what it tells of rows that are not planted."""
    asked, all_of = CASES[name]
    try:
        found = asked(session, scope, planted)
    except NotAllowed:
        return set()
    return found & all_of(planted) if isinstance(found, set) else found


def listed():
    return {name for names in SYSTEM_WORK.values() for name in names}


def test_whatever_reads_people_or_places_is_told_who_asks():
    without = {name for name, node in reading_people().items() if not takes_scope(node)}
    assert without == listed()


def test_whatever_reads_people_or_places_has_its_case():
    assert set(reading_people()) - listed() == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_scope_beside_is_told_of_nothing_and_ones_own_of_everything(session, planted, name):
    _, all_of = CASES[name]
    beside = scope_of(planted.town.communities[1])
    nowhere = Scope(1, "all", "All", frozenset(PERMISSIONS_OF_ROLE), frozenset())
    assert all_of(planted), "the test bites"
    assert not told(session, beside, planted, name)
    assert not told(session, nowhere, planted, name)
    assert told(session, scope_of(planted.home), planted, name) == all_of(planted)


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith("register.")])
def test_a_worker_is_told_of_the_own_grid(session, planted, name):
    grid, _ = planted.home.grids
    own = Scope(1, "w", "W", frozenset({"worker"}), frozenset(), frozenset({grid.code}))
    other = planted.town.communities[1].grids[0]
    beside = Scope(1, "w", "W", frozenset({"worker"}), frozenset(), frozenset({other.code}))
    found, all_of = told(session, own, planted, name), CASES[name][1](planted)
    assert not told(session, beside, planted, name)
    assert (len(found) if isinstance(found, set) else found) == grid.households
    assert not isinstance(found, set) or found < all_of


# The system's own scope is named where a process begins, and nowhere further down

ENTRY_POINTS = ("gis/cli/", "webmap/command.py")


def names_system(tree):
    return any(
        (isinstance(node, ast.Name) and node.id == "SYSTEM")
        or (isinstance(node, ast.Attribute) and node.attr == "SYSTEM")
        or (isinstance(node, ast.alias) and node.name == "SYSTEM")
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Scope"
            and any(isinstance(n, ast.Constant) and n.value == "system" for n in ast.walk(node))
        )
        for node in ast.walk(tree)
    )


def test_only_an_entry_point_names_the_scope_of_the_system():
    naming = {
        name
        for root in ("gis", "webmap")
        for path in (ROOT / root).rglob("*.py")
        if not (name := path.relative_to(ROOT).as_posix()).startswith(ENTRY_POINTS)
        and names_system(ast.parse(path.read_text("utf-8")))
    }
    assert naming == {"gis/domain/access.py"}
