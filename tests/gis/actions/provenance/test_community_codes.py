"""Communities without codes: offered free numbers, taken when a person says so, known again."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from gis.domain.codes import free_community_codes
from gis.errors import with_hints
from gis.exchange.records import read_records
from gis.store import tables as t
from gis.store.area import divisions
from tests.drawn_town import CODES, communities, frame, put, rectangle

TOWN = CODES[0][:9]


def strip(*names: str, town="古州镇", codes=None):
    """Give communities side by side, south of the drawn town, the first in the east."""
    places = range(len(names) - 1, -1, -1)
    shapes = [rectangle(n * 0.002, -0.003, (n + 1) * 0.002, -0.001) for n in places]
    codes = codes or [None] * len(names)
    rows = [{"code": c, "name": n, "town_name": town} for c, n in zip(codes, names, strict=True)]
    return frame("communities", rows, shapes)


def names_by_code(session) -> dict[str, str]:
    query = select(t.DivisionUnit.code, t.DivisionUnit.name)
    return dict(session.execute(query.where(t.DivisionUnit.level == "community")).all())


def test_free_codes_are_offered_row_by_row_and_nothing_is_stored_unasked(session):
    put(session, "communities", communities())
    outcome = put(session, "communities", strip("东社区", "西社区"))
    assert outcome.state == "refused" and len(names_by_code(session)) == 2
    assert [(d.row, d.field, d.code) for d in outcome.defects] == [
        (1, "code", "no_code"),
        (2, "code", "no_code"),
    ]
    last = max(int(c) for c in CODES)
    east, west = outcome.defects
    assert str(last + 1) in west.message and str(last + 2) in east.message
    assert "--number-communities" in with_hints(outcome.defects[0])


def test_what_was_proposed_is_taken_and_said(session):
    put(session, "communities", communities())
    outcome = put(session, "communities", strip("东社区", "西社区"), number_communities=True)
    assert outcome.state == "committed" and outcome.tally.new == 2
    last = max(int(c) for c in CODES)
    assert names_by_code(session)[str(last + 1)] == "西社区"
    assert names_by_code(session)[str(last + 2)] == "东社区"
    assert any(str(last + 1) in said and "西社区" in said for said in outcome.doubts)


def test_a_file_that_comes_again_finds_its_communities_by_name(session):
    put(session, "communities", communities())
    put(session, "communities", strip("东社区", "西社区"), number_communities=True)
    before = names_by_code(session)
    again = put(session, "communities", strip("东社区", " 西社区"), commit=False)
    assert not again.defects and (again.tally.new, again.rows_good) == (0, 2)
    without_town = put(session, "communities", strip("东社区", "西社区", town=None))
    assert without_town.state == "unchanged"
    more = put(session, "communities", strip("新社区", "东社区", "西社区"), number_communities=True)
    assert not more.defects and (more.tally.new, more.tally.unchanged) == (1, 2)
    assert before.items() <= names_by_code(session).items()


def test_two_of_one_name_are_told_apart_by_their_ground(session):
    put(session, "communities", communities())
    put(session, "communities", strip("村", "村"), number_communities=True)
    ground = {u.code: session.scalar(select(func.ST_X(func.ST_Centroid(u.geom))))
              for u in session.scalars(select(t.DivisionUnit)) if u.name == "村"}  # fmt: skip
    assert len(ground) == 2
    assert put(session, "communities", strip("村", "村")).state == "unchanged"
    codes = sorted(ground)
    assert ground[codes[0]] < ground[codes[1]]


def test_a_number_of_former_days_is_never_given_again(session):
    put(session, "communities", communities())
    last = max(int(c) for c in CODES)
    session.add(
        t.DivisionUnit(
            code=str(last + 1),
            name="旧社区",
            level="community",
            valid_to=func.current_date(),
            parent_id=divisions.find_unit(session, TOWN + "000").id,
            parent_level="town",
        )
    )
    session.flush()
    put(session, "communities", strip("新社区"), number_communities=True)
    assert names_by_code(session)[str(last + 2)] == "新社区"


@pytest.mark.parametrize(
    ("town", "prefix", "expected"),
    [
        ("古州镇", None, TOWN),
        (None, None, TOWN),
        ("新镇", None, None),
        ("新镇", "522632207", "522632207"),
        (None, "522632207", "522632207"),
    ],
)
def test_the_town_is_what_is_said_or_known_and_never_guessed(session, town, prefix, expected):
    put(session, "communities", communities())
    rows = strip("新社区", town=town)
    outcome = put(
        session, "communities", rows, number_communities=True, code_prefix=prefix, commit=False
    )
    if expected is None:
        assert [d.code for d in outcome.defects] == ["no_code"]
        assert "--code-prefix" in with_hints(outcome.defects[0])
    else:
        assert not outcome.defects and f"gets {expected}" in outcome.doubts[-1]


def test_rows_with_codes_of_the_same_file_say_the_town(session):
    rows = strip("甲", "乙", codes=[CODES[0], None])
    put(session, "communities", rows, number_communities=True)
    assert names_by_code(session) == {CODES[0]: "甲", str(int(CODES[0]) + 1): "乙"}


@given(st.sets(st.integers(1, 999), max_size=60))
def test_free_codes_are_all_that_were_never_given_and_no_other(used):
    given_codes = {f"{TOWN}{n:03d}" for n in used} | {"110101001500"}
    free = free_community_codes(TOWN, given_codes)
    assert len(free) == len(set(free)) == 999 - len(used) and not given_codes & set(free)


def test_files_without_codes_or_with_empty_ones_are_read(tmp_path):
    shape = json.loads(shapely.to_geojson(rectangle(0, 0, 0.002, 0.002)))
    for properties in ({"name": "甲"}, {"name": "甲", "code": ""}):
        feature = {"type": "Feature", "properties": properties, "geometry": shape}
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        read = read_records(path, "communities")
        assert read.defects == () and list(read.frame["code"]) == [None]
