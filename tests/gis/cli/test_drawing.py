"""The command that draws: obstacles first, drafts near the plan in force, a report of each."""

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject, locate_register
from gis.database.engine import open_engine, transaction
from gis.domain.access import SYSTEM
from gis.store import tables as t
from gis.store.area import divisions
from tests.drawn_town import CODES, NOW, put_ground, put_people
from tests.gis.actions.conftest import build_blocks_of


@pytest.fixture
def town(database) -> str:
    """Give the database of the drawn town, both communities with blocks and people."""
    engine = open_engine(database)
    with transaction(engine) as session:
        put_ground(session)
        put_people(session)
        for community in divisions.communities(session, SYSTEM):
            build_blocks_of(session, community)
        locate_register(session, SYSTEM)
        geocode_subject(Work(session, SYSTEM, NOW), "households")
    engine.dispose()
    return database


def count_plans(url: str) -> int:
    engine = open_engine(url)
    with Session(engine) as session:
        number = session.scalar(select(func.count()).select_from(t.Plan))
    engine.dispose()
    return number


def publish(run, plan: int) -> str:
    for step in ("submit", "approve", "publish"):
        answer = run("plan", step, plan)
        assert answer.status == 0, answer.err
    return answer.err


def test_a_county_is_drawn_with_lines_of_progress_and_a_report_of_each(run, town):
    answer = run("draw", "--all", "--json")
    assert answer.status == 0, answer.err
    first, second = json.loads(answer.out)
    assert [first["community"], second["community"]] == list(CODES)
    for row in (first, second):
        assert (row["households"], row["people"], row["share_in_band"]) == (180, 540, 1.0)
        assert row["off_households"] is not None and row["off_workload"] is not None
        assert 0 <= row["first_valid_s"] <= row["final_s"]
        assert row["borders"] and set(row["borders"]) <= {"main_road", "minor_road", "river"}
        assert row["share_kept"] is None, "there was no plan in force"
    assert "draw: 100%, 2 of 2 drawn, 2 inside the band" in answer.err


def test_a_second_draft_tells_what_it_keeps_and_publishing_tells_it_again(run, town):
    (row,) = json.loads(run("draw", "--community", CODES[0], "--json").out)
    assert "0 of 180 households change grid; 0 codes kept, 3 new" in publish(run, row["plan"])
    (again,) = json.loads(run("draw", "--community", CODES[0], "--json").out)
    assert (again["share_kept"], again["moving"], again["codes_kept"]) == (1.0, 0, 3)
    shown = run("draw", "--community", CODES[0], "--fresh")
    assert "kept" in shown.out
    (other,) = json.loads(
        run("draw", "--community", CODES[0], "--from", again["plan"], "--json").out
    )
    assert other["codes_new"] == other["codes_retired"] == []


def test_what_cannot_be_drawn_is_refused_before_anything_is_drawn(run, town):
    answer = run("draw", "--all", "--grids", "9")
    assert answer.status == 1 and count_plans(town) == 0
    lines = [line for line in answer.err.splitlines() if "[too_few]" in line]
    assert [line.split()[0] for line in lines] == list(CODES)
    assert all("lower the minimum to 20" in line for line in lines)


def test_what_stands_in_the_way_is_noted_and_the_rest_is_drawn(run, town):
    answer = run("draw", "--community", CODES[0], "--min", "50", "--max", "55", "--json")
    assert answer.status == 0 and "note: " in answer.err and "[between_bands]" in answer.err
    (row,) = json.loads(answer.out)
    assert row["share_in_band"] < 1


def test_a_check_draws_nothing_and_answers_in_json(run, town):
    answer = run("draw", "--all", "--check", "--grids", "9", "--json")
    assert answer.status == 0 and count_plans(town) == 0
    found = json.loads(answer.out)
    assert [o["community"] for o in found] == list(CODES)
    assert {(o["rule"], o["stops"]) for o in found} == {("too_few", True)}
    assert json.loads(run("draw", "--all", "--check", "--json").out) == []


def test_a_locked_grid_stays_and_a_lock_of_nowhere_is_refused(run, town):
    (row,) = json.loads(run("draw", "--community", CODES[0], "--json").out)
    publish(run, row["plan"])
    lock = f"{CODES[0]}001"
    answer = run("draw", "--community", CODES[0], "--lock", lock, "--favour", "borders", "--json")
    assert answer.status == 0, answer.err
    (kept,) = json.loads(answer.out)
    before, after = (
        {g["code"]: g["households"] for g in json.loads(run("plan", "show", p, "--json").out)}
        for p in (row["plan"], kept["plan"])
    )
    assert after[lock] == before[lock]
    strange = run("draw", "--community", CODES[0], "--lock", f"{CODES[1]}001")
    assert strange.status == 1 and "is no grid of the communities to draw" in strange.err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--all", "--from", "1"),
        ("--community", CODES[0], "--from", "1", "--fresh"),
        ("--all", "--favour", "beauty"),
        ("--all", "--weight", "area"),
    ],
)
def test_wishes_that_exclude_one_another_are_wrong_usage(run, database, wrong):
    assert run("draw", *wrong).status == 2
