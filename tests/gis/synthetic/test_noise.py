import numpy as np
import pytest

from gis.synthetic.noise import (
    SPOILS_WESTERN,
    SPOILS_ZH,
    noise_address,
    noise_addresses,
)

ZH = "古州镇大十字社区滨江路12号锦绣花园3栋2单元501室"
WESTERN = "Rütistrasse 12, Schaan"


@pytest.mark.parametrize(("script", "text"), [("zh", ZH), ("western", WESTERN)])
def test_a_spoilt_address_differs_and_says_what_was_done(script, text):
    rng = np.random.default_rng(3)
    known = SPOILS_ZH if script == "zh" else SPOILS_WESTERN
    for _ in range(60):
        noisy, what = noise_address(text, rng, script=script)
        assert noisy != text
        assert what in known


@pytest.mark.parametrize(("script", "text"), [("zh", ZH), ("western", WESTERN)])
def test_every_kind_of_noise_occurs(script, text):
    known = SPOILS_ZH if script == "zh" else SPOILS_WESTERN
    _, what = noise_addresses([text] * 1500, np.random.default_rng(0), share=1.0, script=script)
    assert {part for w in what for part in w.split("+")} == set(known)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("without_number", "古州镇大十字社区滨江路锦绣花园3栋2单元501室"),
        ("without_town", "大十字社区滨江路12号锦绣花园3栋2单元501室"),
        ("without_community", "古州镇滨江路12号锦绣花园3栋2单元501室"),
        ("dashes", "古州镇大十字社区滨江路12号锦绣花园3-2-501"),
        ("without_room", "古州镇大十字社区滨江路12号锦绣花园3栋"),
    ],
)
def test_chinese_noise_does_what_its_name_says(what, expected):
    assert SPOILS_ZH[what][1](ZH, np.random.default_rng(0)) == expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("without_number", "Rütistrasse, Schaan"),
        ("without_place", "Rütistrasse 12"),
        ("number_first", "12 Rütistrasse, Schaan"),
    ],
)
def test_western_noise_does_what_its_name_says(what, expected):
    assert SPOILS_WESTERN[what][1](WESTERN, np.random.default_rng(0)) == expected


def test_an_unknown_street_replaces_the_street_and_nothing_else():
    noisy = SPOILS_ZH["unknown_street"][1](ZH, np.random.default_rng(0))
    assert "滨江路" not in noisy
    assert noisy.startswith("古州镇大十字社区") and noisy.endswith("12号锦绣花园3栋2单元501室")


def test_about_the_asked_share_is_spoilt_and_the_rest_untouched():
    texts = [WESTERN] * 2000
    noisy, what = noise_addresses(texts, np.random.default_rng(0), share=0.25, script="western")
    spoilt = sum(w != "" for w in what)
    assert 400 < spoilt < 600
    assert all((a == b) == (w == "") for a, b, w in zip(texts, noisy, what, strict=True))


def test_an_address_nothing_fits_is_left_as_it_is():
    assert SPOILS_ZH["lookalike"][1]("11", np.random.default_rng(0)) == "11"
    assert SPOILS_WESTERN["swapped_letters"][1]("1 2", np.random.default_rng(0)) == "1 2"
