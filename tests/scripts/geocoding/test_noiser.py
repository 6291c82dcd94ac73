"""The noiser shares nothing with what it tests, and says truly what it did."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts.evaluation.geocoding import misspelling, noiser
from scripts.evaluation.geocoding.guzhou import is_ambiguous, is_right
from scripts.evaluation.geocoding.misspelling import MISSPELLINGS
from scripts.evaluation.geocoding.noiser import NOISES, PARTS, in_chinese, spoil_register

PLACES = pd.DataFrame({"town": ["古州镇"] * 2, "community": ["古榕社区", "高埂村"]})


@pytest.fixture(scope="module")
def register():
    from gis.synthetic.register_zh import make_register

    return make_register(PLACES, n_rows=3_000, seed=1)


@pytest.fixture(scope="module")
def spoilt(register):
    return spoil_register(register, 3_000, np.random.default_rng(2))


@pytest.mark.parametrize("module", [noiser, misspelling])
def test_the_noiser_imports_nothing_of_what_it_tests(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    named = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([a.name for a in node.names] + [getattr(node, "module", None) or ""])
    }
    assert not [name for name in named if name.split(".")[0] == "gis"]


def test_every_kind_of_noise_occurs_and_most_texts_have_some(spoilt):
    kinds = {k for joined in spoilt["kinds"] for k in joined.split("+")} - {""}
    assert kinds == set(NOISES)
    assert 0.85 < (spoilt["kinds"] != "").mean() < 0.97


def test_a_part_that_is_kept_and_not_misspelt_stands_in_the_text(register, spoilt):
    plain = spoilt[
        ~spoilt["kinds"].str.contains("near|letter|bare|other|numerals|width|trad|place")
    ]
    for row, text, kept in zip(plain["row"], plain["text"], plain["kept_estate"], strict=True):
        estate = register["estate"].iloc[row]
        assert (estate in text) == kept or not estate


def test_a_misspelling_changes_a_name_and_little_of_it():
    rng = np.random.default_rng(0)
    for kind, spoil in MISSPELLINGS.items():
        for name in ("古榕江", "大十字", "高埂坪"):
            assert abs(len(spoil(name, rng)) - 3) <= 1, kind
    assert all(misspelling.near_sound("榕", rng) != "榕" for _ in range(20))


@pytest.mark.parametrize(
    ("number", "written"), [(7, "七"), (20, "二十"), (110, "一百一十"), (1005, "一千零五")]
)
def test_numbers_are_written_in_chinese(number, written):
    assert in_chinese(number, False) == written


def test_an_answer_is_right_when_all_it_names_is_true(register):
    entries = register.set_index("address_id")[list(PARTS)]
    room = register[(register.room != "") & (register.number != "")].iloc[[0]]
    same_house = register[
        (register.estate == room.estate.iloc[0]) & (register.building == room.building.iloc[0])
    ]
    found = pd.DataFrame({"address_id": same_house.address_id, "lon": 0.0, "lat": 0.0})
    right = is_right(found, pd.concat([room] * len(found)), entries)
    assert right.sum() == (same_house.room == "").sum() + 1


def test_a_text_is_ambiguous_when_what_it_keeps_fits_places_apart():
    columns = dict.fromkeys(PARTS, "")
    register = pd.DataFrame(
        [
            columns
            | {"town": "古州镇", "street": "建设路", "number": "1", "lon": 108.5, "lat": 25.9},
            columns
            | {"town": "平江镇", "street": "建设路", "number": "1", "lon": 108.6, "lat": 25.9},
        ]
    )
    asked = pd.DataFrame({f"kept_{p}": [p in ("street", "number"), True] for p in PARTS})
    assert is_ambiguous(register, asked.assign(row=0)).tolist() == [True, False]
