"""Every measure of the statistics map has its column, its classes and its words."""

import re

import pytest

from webmap.statistics.words.measures import FIRST, MEASURES


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_offers_and_explains_every_measure(sign_in, language):
    browser = sign_in("official")
    browser.set_cookie("language", language)
    text = browser.get("/official/").get_data(as_text=True)
    offered = re.search(r'<select name="measure">(.*?)</select>', text, re.S)[1]
    assert sorted(re.findall(r'value="(\w+)"', offered)) == sorted(m.name for m in MEASURES)
    assert re.search(rf'value="{FIRST}" selected', offered)
    in_english = [measure for measure in MEASURES if str(measure.choice) in offered]
    assert in_english == (list(MEASURES) if language == "en" else [])


def test_every_measure_has_its_column_and_classes(sign_in):
    asked = "/api/v1/statistics?by=grid&topic=all&period=2026-02"
    value = sign_in("official").get(asked).json
    assert set(value["classes"]) == {measure.name for measure in MEASURES}
    for measure in MEASURES:
        assert all(measure.column in row for row in value["rows"])
        assert measure.summed is None or measure.summed in value["totals"]
