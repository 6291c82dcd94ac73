"""One spelling for many ways of writing: idempotent, and total on any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address import normalise as rules
from gis.address.normalise import normalise
from gis.address.numeral import arabic_from_chinese, chinese_from_arabic
from gis.address.ordinals import write_ordinals

CHINESE = st.text(
    "一二三十百零〇号楼幢座栋#-~ 012３９AB社区居民委员会村路街段巷单元室附之第办小组层镇街道,()号樓"
    "ⅢⅠ期壹贰和至條區IVNO"
)
WESTERN = st.text("st mtdr.nsew#&@,/-~123 'aveéßſ½")


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.one_of(st.text(), CHINESE, WESTERN))
def test_normalising_twice_is_normalising_once(text):
    once = normalise(text)
    assert normalise(once) == once


@settings(max_examples=500, derandomize=True, deadline=None)
@given(
    st.text("一三十#号楼座栋0123ABNOIV-至和,第办民委小组单元路街园区期村房层附之社壹", max_size=9)
)
def test_no_rule_applies_to_a_text_that_the_quick_tests_pass_over(text):
    every_rule = write_ordinals(rules._list_of_plates.sub(rules._as_range, text))
    for rule in (
        rules._numeral_before_unit, rules._dashed_numerals, rules._estate_building,
        rules._building_of_plate, rules._plate_sign, rules._building, rules._committee,
        rules._lone_committee, rules._lone_village_committee, rules._plate_mark,
        rules._building_mark, rules._unit_first, rules._range_of_plates,
    ):  # fmt: skip
        every_rule = rule.sub("", every_rule)
    assert rules._may_change(text) or every_rule == text


@given(st.integers(1, 99))
def test_street_numerals_survive_the_way_to_chinese_and_back(number):
    assert arabic_from_chinese(chinese_from_arabic(number)) == str(number)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("阳光小区三幢２单元５０１室", "阳光小区3栋2单元501室"),
        ("阳光小区3号楼二单元五〇一室", "阳光小区3栋2单元501室"),
        ("阳光小区 3#楼 2单元", "阳光小区3栋2单元"),
        ("A座1203", "A栋1203"),
        ("阳光小区3号2-501", "阳光小区3栋2-501"),
        ("高埂村村民委员会第三村民小组", "高埂村3组"),
        ("古榕社区居民委员会", "古榕社区"),
        ("车民街道办事处", "车民街道"),
        ("經10路5號", "经十路5号"),
        ("忠孝東路五段331 - 360號", "忠孝东路5段331~360号"),
        ("一号路12号", "一号路12号"),
        ("三座塘村", "三座塘村"),
        ("MT. AUBURN ST.", "mount auburn street"),
        ("St. Mary's Rd & 3rd St", "saint marys road & third street"),
        ("Landstr. 12a", "landstrasse 12a"),
        ("12 Elm St, Apt N", "12 elm street , apt n"),
        (None, ""),
        (float("nan"), ""),
        (12.0, "12"),
    ],
)
def test_spellings_of_one_address_become_one(written, normal):
    assert normalise(written) == normal
