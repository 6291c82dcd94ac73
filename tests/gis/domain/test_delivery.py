"""Which row of a file is which stored row: every order, every name given anew."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.domain.delivery import match_rows
from gis.domain.kinds import KINDS
from gis.domain.kinds.kind import SHAPE

ROW = st.tuples(
    st.sampled_from([None, *"abcdef"]), st.integers(1, 4), st.sampled_from([None, 3, 5])
)
ROWS = st.lists(ROW, max_size=12)
COLUMNS = ["reference", "shape", "levels"]


def table(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


@settings(deadline=None)
@given(ROWS, st.randoms())
def test_the_same_rows_in_another_order_are_all_known_and_unchanged(rows, random):
    shuffled = random.sample(rows, len(rows))
    found = match_rows("buildings", table(rows), table(shuffled), COLUMNS)
    assert sorted(found.stored) == list(range(len(rows)))
    assert not found.is_changed.any() and not found.is_new.any()


@settings(deadline=None)
@given(ROWS, ROWS)
def test_no_stored_row_is_two_rows_of_a_file_and_changes_are_what_differs(stored, rows):
    found = match_rows("buildings", table(stored), table(rows), COLUMNS)
    known = [s for s in found.stored if s >= 0]
    assert len(known) == len(set(known))
    for row, position in enumerate(found.stored):
        if position < 0:
            alone = set(range(len(stored))) - set(known)
            assert not any(stored[s][1] == rows[row][1] for s in alone), "its shape is stored"
            continue
        one, other = stored[position], rows[row]
        assert one[1] == other[1] or (one[0] == other[0] and one[0] is not None)
        differs = other[0] not in (None, one[0]) or one[1:] != other[1:]
        assert found.is_changed[row] == differs


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([3, 5])), max_size=12, unique=True))
def test_references_given_anew_change_nothing_but_the_references(content):
    rows = [(f"r{n}", *c) for n, c in enumerate(content)]
    again = [(f"r{n + 1}", *c) for n, c in enumerate(content)]
    found = match_rows("buildings", table(rows), table(again), COLUMNS)
    shapes = [r[1] for r in rows]
    if len(set(shapes)) == len(shapes):
        assert found.stored.tolist() == list(range(len(rows)))
        assert not found.changed["shape"].any() and not found.changed["levels"].any()


def test_columns_that_are_not_said_are_not_asked_for():
    stored = table([("a", 1, 3), ("b", 2, 5)])
    found = match_rows("buildings", stored, table([(None, 2, None)]), ["shape"])
    assert found.stored.tolist() == [1] and not found.is_changed.any()


def test_residents_of_one_name_are_paired_by_all_that_is_known_of_them():
    columns = ["household", "name", "birth_date", "sex", "relation", "category"]
    rows = [
        ("H1", "王芳", "1990", "female", "妻", "x"),
        ("H1", "王芳", "2015", "female", "女", "x"),
        ("H2", "王芳", None, "female", "妻", "x"),
    ]
    stored = pd.DataFrame(rows, columns=columns)
    changed = [(*rows[1][:4], "养女", "x"), (*rows[2][:2], "1970", *rows[2][3:])]
    again = pd.DataFrame(changed, columns=columns)
    found = match_rows("residents", stored, again, columns)
    assert found.stored.tolist() == [1, 2]
    assert found.changed["relation"].tolist() == [True, False]


def test_what_a_kind_is_known_by_are_fields_of_it():
    for kind in KINDS.values():
        fields = {*kind.by_name, *kind.derived, SHAPE}
        assert {c for way in kind.identities for c in way.columns} <= fields
        assert kind.own_name is None or kind.own_name in kind.by_name
        if kind.key and kind.identities:
            assert kind.own_name == kind.key
