"""Words around an address: a quick look at a text finds all that the rules would find in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address import position_words as position
from gis.address import wording
from gis.address.normalise import normalise, normalise_chinese
from gis.address.parse import parse

PIECES = [
    "古州镇", "榕江大道", "12号", "阳光小区", "3栋", "501室", "附近", "旁边", "隔壁", "对面",
    "门口", "后处", "往东50米", "以北", "东侧", "50公尺", "三里路", "院内", "楼下", "交界处",
    "之间", "左右", "的地方", "靠近", "边上", "周围", "里头", "(", ")", ",", "13812345678",
    "138-1234-5678", "0855-1234567", "家住", "地址:", "位于", "430000", "东", "路", "约",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)
TEXTS = TEXTS.map(normalise_chinese)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_the_last_sign_tells_whether_a_word_of_position_may_stand_there(text):
    assert not position._at_the_door.search(text) or text[-1] in position._DOOR_ENDS
    assert not position._beside_flat(text) or text[-1] in position._FLAT_ENDS
    for rule in (position._at_end, position._in_front):
        assert not rule.search(text) or text[-1] in position._ENDS


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_a_quick_look_overlooks_nothing_that_is_no_address(text):
    for sign in (wording._has_postcode, wording._has_long_number, wording._is_parted):
        assert not sign(text) or wording._may_be_unusual(text)
    assert not wording._phone.search(text) or wording._may_have_phone(text)
    assert not wording._lead.search(text) or text[0] in wording.LEADS


@pytest.mark.parametrize("remark", ["白天无人", "晚上在家", "请先敲门", "家里没人", "院内有狗"])
@pytest.mark.parametrize("place", ["高埂村12号", "榕江大道12号", "榕江大道12号阳光小区3栋501室"])
def test_who_is_in_and_when_is_no_estate(place, remark):
    assert parse(f"古州镇{place}，{remark}") == parse(f"古州镇{place}")


@pytest.mark.parametrize("name", ["无人机产业园", "上下院", "有人家", "空军家属院"])
def test_what_may_be_a_name_after_a_comma_stays(name):
    assert name in wording.in_usual_order(f"榕江大道12号,{name}")


@pytest.mark.parametrize("estate", ["富康新村", "幸福里", "阳光小区"])
@pytest.mark.parametrize("unit", ["C栋", "3栋2单元703室", "703室"])
@pytest.mark.parametrize("front", ["八开镇八开社区", "八开镇", ""])
def test_an_estate_before_its_street_is_an_estate_whatever_its_last_sign(front, estate, unit):
    swapped = wording.in_usual_order(f"{front}{estate}{unit},中心大道412号")
    assert swapped == f"{front}中心大道412号{estate}{unit}"


@pytest.mark.parametrize("front", ["八开镇八开社区", "八开镇", "高埂村"])
def test_a_place_before_a_building_stays_in_front_of_the_street(front):
    swapped = wording.in_usual_order(f"{front}3栋2单元703室,中心大道412号")
    assert swapped == f"{front}中心大道412号3栋2单元703室"


@pytest.mark.parametrize(
    ("text", "one_spelling"),
    [
        ("富民社区，居委会，胜利路189号", "富民社区,胜利路189号"),
        ("富民社区 民委员会胜利路189号", "富民社区胜利路189号"),
        ("乌婆村，村委会沟寨91号", "乌婆村沟寨91号"),
        ("乌婆村，民委员会沟寨91号", "乌婆村沟寨91号"),
        ("龙塘民委员会小寨1组93号", "龙塘村小寨1组93号"),
        ("县人民委员会宿舍3栋", "县人民委员会宿舍3栋"),
        ("开发区管委会宿舍3栋", "开发区管委会宿舍3栋"),
        ("少数民族委员会宿舍3栋", "少数民族委员会宿舍3栋"),
        ("兴隆村，民委员会路3号", "兴隆村,民委员会路3号"),
    ],
)
def test_the_committee_of_a_village_is_the_village_also_behind_a_comma(text, one_spelling):
    assert normalise(text) == one_spelling == normalise(one_spelling)
