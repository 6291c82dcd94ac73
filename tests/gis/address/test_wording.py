"""Words around an address: a quick look at a text finds all that the rules would find in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address import position_words as position
from gis.address import wording
from gis.address.normalise import normalise_chinese

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
