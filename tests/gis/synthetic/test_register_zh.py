import pandas as pd
import pytest

from gis.synthetic.register_zh import make_register

PLACES = pd.DataFrame(
    {
        "town": ["古州镇", "古州镇", "古州镇", "平江镇", "平江镇"],
        "community": ["古榕社区", "大十字社区", "高埂村", "平江社区", "归利村"],
    }
)


@pytest.fixture(scope="module")
def register():
    return make_register(PLACES, n_rows=6_000, seed=3)


def test_there_are_as_many_rows_as_asked_each_text_once(register):
    assert len(register) == 6_000
    assert not register["text"].duplicated().any()
    assert not register["address_id"].duplicated().any()


def test_the_same_seed_makes_the_same_register(register):
    pd.testing.assert_frame_equal(register, make_register(PLACES, n_rows=6_000, seed=3))
    assert not register.equals(make_register(PLACES, n_rows=6_000, seed=4))


def test_communities_have_streets_and_rooms_and_villages_have_neither(register):
    village = register["community"].str.endswith("村")
    assert (register.loc[village, ["street", "room"]] == "").all(axis=None)
    assert (register.loc[village, "number"] != "").all()
    assert (register.loc[~village, "room"] != "").any()
    assert ((register["street"] != "") | (register["estate"] != "") | village).all()


def test_a_text_holds_every_part_of_its_row(register):
    for part in ("town", "community", "street", "estate", "room"):
        pairs = zip(register[part], register["text"], strict=True)
        assert all(value in text for value, text in pairs)


def test_street_names_repeat_between_towns(register):
    streets = register[register["street"] != ""].groupby("street")["town"].nunique()
    assert (streets > 1).any()
