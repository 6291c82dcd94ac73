"""Search keys by pinyin and initials."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address.pinyin import MOST_SPELLINGS, OTHER_READINGS, pinyin_spellings, search_keys
from gis.address.typed import typed_form


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("古榕社区", "gr"),
        ("古榕社区", "gurong"),
        ("古榕社区", "Gu Rong She"),
        ("榕江大道12号", "rjdd12"),
        ("榕江大道12号", "rongjiangdadao12"),
        ("重庆路", "chongqing"),
        ("重庆路", "cq"),
        ("朝阳路", "chaoyang"),
        ("都江路", "dujiang"),
        ("六安路", "lu'an"),
        ("绿苑小区", "lvyuan"),
        ("绿苑小区", "lüyuan"),
        ("绿苑小区", "luyuan"),
        ("長樂街", "长"),
        ("車江大壩", "chejiang"),
        ("阳光A区", "yga"),
        ("Mount Auburn Street", "auburn"),
        ("Rütistrasse", "ruetistr"),
        ("Rütistrasse", "rüti"),
        ("Café Noir", "cafe"),
    ],
)
def test_a_name_is_found_by_what_people_type(name, typed):
    assert any(key.startswith(typed_form(typed)) for key in search_keys(name))


def test_the_name_itself_comes_first_then_its_pinyin_then_its_initials():
    assert search_keys("丰乐社区")[:3] == ("丰乐社区", "fengleshequ", "flsq")


def test_a_name_of_many_double_readings_has_few_spellings():
    assert len(pinyin_spellings("".join(OTHER_READINGS))) == MOST_SPELLINGS


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.one_of(st.text(), st.text("古榕长乐绿吕A1 -號ü𠮷〇")))
def test_any_text_has_keys_in_the_typed_form_each_once(text):
    keys = search_keys(text)
    assert len(keys) == len(set(keys))
    assert all(keys) and typed_form(text) in (*keys, "")
    assert all(typed_form(key) == key for key in keys)
