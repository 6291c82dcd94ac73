"""Texts of the usual form are read as the grammar reads them, whatever stands in their parts."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.address.chinese import parse_chinese
from gis.address.normalise import normalise_chinese
from gis.address.parse import parse
from gis.address.usual_form import read_usual
from gis.address.wording import in_usual_order

ADMIN = [
    "",
    "榕江县",
    "古州镇",
    "古州镇古榕社区",
    "古榕社区",
    "高埂村",
    "高埂村2组",
    "家住古榕社区",
    "在",
]
STREETS = [
    "",
    "榕江大道",
    "和平路",
    "建设路二巷",
    "解放路南侧",
    "三元路",
    "中心路12弄",
    "工业园区甲",
]
BETWEEN = [
    "", "阳光小区", "院", "院内", "旁边", "老街", "和信阳街", "对面", "附", "之", "甲", 
    "粮食局宿舍", "一楼门面", "地下", "二期", "东", "路口", "（张家）", "，",
]  # fmt: skip
NUMBERS = ["1", "12", "012", "145", "1200", "12345"]
TAILS = [
    "",
    "3栋",
    "3栋2单元",
    "3栋2单元501室",
    "3栋501室",
    "501室",
    "2单元501室",
    "12栋",
    "0501室",
    "A栋",
]


@st.composite
def texts(draw):
    number = draw(st.sampled_from([*NUMBERS, ""]))
    plate = f"{number}号" * bool(number)
    annex = f"附{draw(st.sampled_from(NUMBERS))}号" if number and draw(st.booleans()) else ""
    parts = [draw(st.sampled_from(words)) for words in (ADMIN, STREETS, BETWEEN, TAILS)]
    text = f"{parts[0]}{parts[1]}{plate}{annex}{parts[2]}{parts[3]}"
    cut = draw(st.integers(0, len(text)))
    more = draw(st.sampled_from(["", "", "", "东", "路", "第", "号", "栋", "与", "旁", "3"]))
    return text[:cut] + more + text[cut:]


@given(texts())
@example("工业园区甲12号")
@example("高埂村2组12号3栋")
@example("榕江大道12号附3号院3栋")
@settings(max_examples=600, deadline=None)
def test_the_usual_form_is_read_as_the_grammar_reads_it(text):
    read = read_usual(text)
    assert read in (None, parse_chinese(in_usual_order(normalise_chinese(text))))


@given(texts())
@settings(max_examples=200, deadline=None)
def test_a_text_is_read_the_same_when_its_beginning_comes_again(text):
    assert parse(text) == parse(text) == parse(normalise_chinese(text))


def test_a_beginning_is_read_once_for_all_only_when_it_comes_again():
    first, again = "古州镇古榕社区再来大道7号", "古州镇古榕社区再来大道9号"
    assert read_usual(first, is_new=False) is None
    assert read_usual(again, is_new=False) == parse(again)
    assert read_usual(first) == parse(first)


def test_other_numbers_of_a_remembered_street_are_read_as_they_are():
    read = [read_usual(f"古州镇古榕社区榕江大道{n}号阳光小区{n}栋{n}室") for n in (7, 12, 99)]
    assert [(a.number, a.number_from, a.building, a.room) for a in read] == [
        (str(n), n, str(n), str(n)) for n in (7, 12, 99)
    ]
