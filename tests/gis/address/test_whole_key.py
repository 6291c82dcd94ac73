"""Whole addresses are answered at once, and as the ladder would answer them."""

import numpy as np
import pandas as pd
import pytest

from gis.address.geocoder import Geocoder
from gis.address.match import choose, evidence_of, status_of
from gis.synthetic.register_zh import make_register
from scripts.evaluation.geocoding.noiser import PARTS, spoil_register

PLACES = pd.DataFrame(
    {
        "town": ["古州镇", "古州镇", "古州镇", "平江镇", "平江镇", "三江水族乡"],
        "community": ["古榕社区", "大十字社区", "高埂村", "平江社区", "归利村", "街上村"],
    }
)


@pytest.fixture(scope="module")
def register():
    return make_register(PLACES, n_rows=4_000, seed=5)


@pytest.fixture(scope="module")
def geocoder(register):
    return Geocoder(register.drop(columns="text"))


def test_every_entry_is_found_by_its_own_text(register, geocoder):
    found = geocoder.geocode(register["text"])
    assert found["address_id"].tolist() == register["address_id"].tolist()
    assert set(found["status"]) == {"accepted"}


def test_most_whole_texts_need_no_full_reading(register, geocoder):
    rows, said = geocoder._whole.rows_of(register["text"].tolist())
    assert np.mean(np.array(rows) >= 0) > 0.99
    assert set(said) == {0, 2} or set(said) == {2}


def test_the_quick_answer_is_the_answer_of_the_ladder(register, geocoder):
    texts = spoil_register(register, 1_500, np.random.default_rng(6))["text"].tolist()
    texts += register["text"].sample(300, random_state=1).tolist()
    rows, _ = geocoder._whole.rows_of(texts)
    quick = geocoder.geocode(texts)
    compared = 0
    for i, (text, row) in enumerate(zip(texts, rows, strict=True)):
        if row < 0:
            continue
        slow = choose(geocoder._matches(text))
        if status_of(slow) == "accepted":
            compared += 1
            assert slow.row in (row, -1), text
            assert (slow.level, evidence_of(slow.codes)) == tuple(
                quick.loc[i, ["level", "evidence"]]
            ), text
    assert compared > 400


def test_order_index_and_values_are_kept_whatever_way_a_text_takes(register, geocoder):
    texts = [register["text"].iloc[0], None, "不知道", register["text"].iloc[1], "13号"]
    series = pd.Series(texts, index=list("edcba"))
    found = geocoder.geocode(series)
    alone = pd.concat([geocoder.geocode([t]) for t in texts]).set_axis(list("edcba"))
    pd.testing.assert_frame_equal(found, alone, check_dtype=False)


def test_a_noised_text_is_never_taken_into_another_community_than_it_rightly_says(
    register, geocoder
):
    asked = spoil_register(register, 2_500, np.random.default_rng(8))
    asked = asked[asked["kept_community"] & ~asked["kinds"].str.contains("near_|letter|bare")]
    found = geocoder.geocode(asked["text"].tolist())
    named = (found["status"] == "accepted") & found["address_id"].notna()
    entries = register.set_index("address_id")[list(PARTS)]
    answers = entries.loc[found["address_id"][named], "community"].to_numpy()
    truth = register["community"].to_numpy()[asked["row"].to_numpy()[named.to_numpy()]]
    assert len(answers) > 800
    assert (answers == truth).all()


def test_a_decision_beats_the_whole_key_however_the_text_is_spelt(register):
    text, other = register["text"].iloc[0], register["address_id"].iloc[9]
    geocoder = Geocoder(register.drop(columns="text"), aliases={text: other})
    found = geocoder.geocode([text, text.replace("号", "號"), register["text"].iloc[1]])
    assert found["address_id"].tolist() == [other, other, register["address_id"].iloc[1]]
