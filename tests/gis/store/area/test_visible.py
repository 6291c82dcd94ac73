"""One scope, one answer: in SQL, in a statement that is text, and of a row that has been read."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import Integer, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

import gis
from gis.domain.access import Scope
from gis.store.area.visible import communities_of, in_own_grids, visible, visible_in_text

ROOT = Path(gis.__file__).parent

CODES = ("522632100001001", "522632100001002")
COMMUNITIES = (None, 1, 7, 300)


def scope(community_ids=frozenset(), grid_codes=frozenset()):
    return Scope(1, "w", "W", frozenset({"worker"}), community_ids, frozenset(grid_codes))


@pytest.mark.parametrize("area", [None, (), (7,), (300, 1), (2, 7)])
def test_text_statement_and_read_row_agree_on_what_is_in_the_area(session, area):
    one = scope(None if area is None else frozenset(area))
    every = literal(list(COMMUNITIES), ARRAY(Integer))
    column = func.unnest(every).column_valued("community")
    said = set(session.scalars(select(column).where(visible(one, column))))
    in_text = text(
        "SELECT t.c FROM unnest(CAST(:all AS int[])) AS t(c) WHERE " + visible_in_text("t.c")
    )
    values = {"all": list(COMMUNITIES), "communities": communities_of(one)}
    assert said == {c for c in COMMUNITIES if one.covers(c)}
    assert set(session.scalars(in_text, values)) == said


@pytest.mark.parametrize("own", [(), CODES[:1], CODES])
def test_own_grids_are_those_assigned(session, own):
    one = scope(grid_codes=own)
    assert [session.scalar(select(in_own_grids(one, literal(c)))) for c in CODES] == [
        c in own for c in CODES
    ]


def test_nothing_else_in_the_store_makes_sql_of_a_scope():
    """What a scope holds is read in one module: elsewhere its rules would be written again."""
    reading = {
        path.relative_to(ROOT).as_posix()
        for layer in ("store", "actions")
        for path in (ROOT / layer).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("community_ids", "grid_codes")
        and isinstance(node.value, ast.Name)
        and node.value.id == "scope"
    }
    assert reading == {"store/area/visible.py"}
