# ruff: noqa: E501  (tables of texts)
"""No accepted answer that a clerk would call wrong: each kind by a table, and by its rule."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address.geocoder import Geocoder
from gis.address.signs import tells_apart

DIRECTIONS = "东南西北中"
ORDINALS = "一二三四五六七八九"


def geocoder_of(*texts: str) -> Geocoder:
    """Make a geocoder of entries about 400 m apart whose ids are their texts."""
    return Geocoder(
        pd.DataFrame(
            {
                "address_id": texts,
                "text": texts,
                "lon": [114.12 + 0.004 * i for i in range(len(texts))],
                "lat": [30.08 + 0.0001 * i for i in range(len(texts))],
            }
        )
    )


def ask(geocoder: Geocoder, text: str):
    """Geocode one text."""
    return next(geocoder.geocode([text]).itertuples())


def is_never_taken(geocoder: Geocoder, text: str, entry: str) -> bool:
    """Whether a text is not accepted at an entry."""
    answer = ask(geocoder, text)
    return answer.status != "accepted" or answer.address_id != entry


# -- signs that tell names apart -----------------------------------------------------------------

FAMILIES = (
    ("城关镇东关社区建设{}路6号", DIRECTIONS),
    ("城关镇东关社区科技{}路6号", ORDINALS),
    ("城关镇东关社区前进{}巷6号", ORDINALS),
    ("城关镇东关社区碧桂园{}期5栋", ORDINALS),
    ("城关镇东关社区阳光花园{}区5栋", ORDINALS),
    ("城关镇东关社区金色家园{}区5栋", "ABCDEF"),
    ("城关镇东关社区锦绣城{}院5栋", DIRECTIONS),
    ("城关镇东关社区和谐{}苑5栋", DIRECTIONS),
    ("城关镇东关社区第{}小学宿舍5栋", ORDINALS),
    ("城关镇东关社区第{}中学家属院5栋", ORDINALS),
    ("城关镇东关社区红旗{}村5栋", "新老"),
    ("城关镇高埂村{}寨7号", "上下大小新老"),
    ("城关镇东关社区滨江花园{}门6号", DIRECTIONS),
    ("城关镇东关社区{}关街6号", DIRECTIONS),
    ("城关镇王家村{}组6号", ORDINALS),
)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(st.sampled_from(FAMILIES), st.data())
def test_one_other_sign_is_never_the_entry(family, data):
    pattern, signs = family
    here, other = data.draw(st.permutations(signs))[:2]
    entry = pattern.format(here)
    geocoder = geocoder_of(entry)
    for text in (pattern.format(other), pattern.format(other).partition("区")[2] or other):
        assert is_never_taken(geocoder, text, entry)
    assert ask(geocoder, entry).address_id == entry


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.sampled_from(FAMILIES), st.data())
def test_a_sign_more_or_fewer_is_never_the_entry(family, data):
    pattern, signs = family
    if "第" in pattern or "门" in pattern:
        return
    entry = pattern.format(data.draw(st.sampled_from(signs)))
    without = pattern.format("")
    assert is_never_taken(geocoder_of(entry), without, entry)
    assert is_never_taken(geocoder_of(without), entry, without)


WRITINGS = {
    n: [str(n), "一二三四五六七八九"[n - 1], "壹贰叁肆伍陆柒捌玖"[n - 1]] for n in range(1, 10)
}


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    st.sampled_from(["碧桂园{}期5栋", "阳光花园{}区5栋", "科技{}路6号", "前进{}巷6号", "建设{}街6号"]),
    st.integers(1, 9), st.data(),
)  # fmt: skip
def test_the_same_ordinal_in_another_writing_is_the_entry(pattern, number, data):
    here, other = (data.draw(st.sampled_from(WRITINGS[number])) for _ in range(2))
    entry = "城关镇东关社区" + pattern.format(here)
    sign = data.draw(st.sampled_from(["", "第"]))
    answer = ask(geocoder_of(entry), pattern.format(sign + other))
    assert (answer.status, answer.address_id) == ("accepted", entry)


@pytest.mark.parametrize(
    "written", ["③号楼", "叁号楼", "Ⅲ号楼", "3#楼", "#3楼", "III号楼", "第3栋"]
)
def test_a_building_in_any_writing_is_the_entry(written):
    entry = "城关镇东关社区朝阳小区3号楼"
    assert ask(geocoder_of(entry), f"朝阳小区{written}").address_id == entry


@pytest.mark.parametrize(
    ("entry", "others", "same"),
    [
        ("350 East Broadway", ["350 West Broadway", "350 N Broadway"], ["350 E Broadway"]),
        ("9 North Main St", ["9 South Main St", "9 Main St", "9 Main St S"],
         ["9 N Main St", "9 Main St N", "9 N. Main Street", "9 Main Street North"]),
        ("7 Second Ave", ["7 Third Ave", "7 22nd Ave"], ["7 2nd Ave", "7 2 Ave"]),
        ("7 21st Ave", ["7 22nd Ave", "7 First Ave"], ["7 Twenty-First Ave", "7 21 Ave"]),
        ("5 Upper Falls Rd", ["5 Lower Falls Rd", "5 Falls Rd"], ["5 Upper Falls Road"]),
        ("5 Old Mill Rd", ["5 New Mill Rd", "5 Mill Rd"], ["5 Old Mill Road"]),
        ("20 Avenue A", ["20 Avenue B", "20 Avenue of the Stars"], ["20 Ave A"]),
        ("12 Southwestern Ave", ["12 Northwestern Ave"], ["12 Southwestern Avenue"]),
        ("481 Guibor Ct NW", ["481 Guibor Ct NE", "481 Guibor Ct SW"], ["481 NW Guibor Court"]),
        ("88 US Highway 1", ["88 Interstate 1", "88 US Highway 2"], ["88 US-1", "88 U.S. Rte 1"]),
        ("2035 Route 27", ["2035 Old Route 27", "2035 Route 28"], ["2035 SR 27", "2035 NJ-27"]),
        ("5 County Road 12", ["5 County Road 21"], ["5 Co Rd 12", "5 CR 12", "5 County Rte 12"]),
        ("12 4 1/2 Street", ["12 4th Street"], ["12 4 1/2 St"]),
        ("5 St Mary's Street", ["5 Mary Ave N"], ["5 Saint Marys St", "5 St. Mary’s Street"]),
    ],
)  # fmt: skip
def test_western_signs(entry, others, same):
    geocoder = geocoder_of(entry)
    assert [t for t in others if not is_never_taken(geocoder, t, entry)] == []
    assert [t for t in same if ask(geocoder, t).address_id != entry] == []
    assert [t for t in same if ask(geocoder, t).status != "accepted"] == []


@pytest.mark.parametrize(
    ("written", "known", "apart"),
    [
        ("溶江东路", "榕江东路", False), ("滨江动路", "滨江东路", False), ("滨滨江路", "滨江路", False),
        ("滨江西路", "滨江东路", True), ("滨江路", "滨江东路", True), ("河东路", "东河路", True),
        ("锦绣城东区", "锦绣城东院", True), ("前进1巷", "前进1路", True), ("阳光小区", "阳光花园", False),
        ("noth main street", "north main street", False), ("main street", "north main street", True),
    ],
)  # fmt: skip
def test_a_slip_is_no_sign_and_a_sign_no_slip(written, known, apart):
    assert tells_apart(written, known) is apart


# -- parts that contradict -----------------------------------------------------------------------

HERE = "贵州省黔东南苗族侗族自治州榕江县古州镇古榕社区人民路33号"


@pytest.mark.parametrize(
    "front",
    ["北京市海淀区", "四川省成都市武侯区", "从江县", "贵州省贵阳市云岩区", "凯里市", "上海市浦东新区",
     "广东省东莞市长安镇", "黎平县", "青岛市市北区", "武汉洪山区", "石桥镇", "忠诚镇"],
)  # fmt: skip
def test_another_place_than_the_registers_is_never_accepted(front):
    geocoder = geocoder_of(HERE, "贵州省黔东南苗族侗族自治州榕江县忠诚镇高扒村中华路8号")
    assert ask(geocoder, f"{front}人民路33号").status != "accepted"
    if not front.endswith("镇"):
        assert ask(geocoder, f"{front}古州镇古榕社区人民路33号").status != "accepted"


@pytest.mark.parametrize(
    "front",
    ["", "榕江县", "贵州省榕江县", "黔东南州榕江县", "贵州省黔东南州榕江县古州镇", "贵州榕江县"],
)
def test_the_registers_own_place_is_accepted(front):
    answer = ask(geocoder_of(HERE), f"{front}人民路33号")
    assert (answer.status, answer.address_id) == ("accepted", HERE)


def test_what_contradicts_is_said():
    geocoder = geocoder_of(HERE, "城关镇东关社区幸福里3号院5号楼", "城关镇东关社区学院路15号甲")
    for text, code in (
        ("北京市海淀区人民路33号", "region_differs"),
        ("人民东路33号", "sign_differs"),
    ):
        assert code in ask(geocoder, text).evidence.split(";")


@pytest.mark.parametrize("yard", ["5", "13", "30"])
def test_a_building_of_another_yard_is_never_accepted(yard):
    entries = [f"城关镇东关社区幸福里3号院{n}号楼" for n in (1, 3, 5)]
    answer = ask(geocoder_of(*entries), f"幸福里{yard}号院3号楼")
    assert answer.status != "accepted" or answer.address_id is None


@pytest.mark.parametrize("entry", ["15号甲", "甲15号", "15甲号"])
@pytest.mark.parametrize("written", ["15号甲", "甲15号", "15甲号", "15甲"])
def test_a_stem_stands_before_or_behind_the_number(entry, written):
    entry = f"城关镇西关社区学院路{entry}"
    geocoder = geocoder_of(entry, "城关镇西关社区学院路15号")
    assert ask(geocoder, f"学院路{written}").address_id == entry
    other = written.replace("甲", "丙")
    assert ask(geocoder, f"学院路{other}").status != "accepted"


# -- coarse answers, positions, stretches ----------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        (["锦绣花园3栋1单元501室", "锦绣花园3栋1单元502室"], "锦绣花园3栋"),
        (["锦绣花园3栋1单元501室", "锦绣花园3栋1单元502室"], "锦绣花园3栋1单元"),
        (["朝阳小区3号楼"], "朝阳小区13号楼"),
        (["学院路18号之一", "学院路18号之二"], "学院路18号"),
        (["学院路8号3栋2单元501室"], "学院路8号"),
    ],
)
def test_a_coarser_answer_has_no_id_of_a_finer_entry(entries, text):
    geocoder = geocoder_of(*(f"城关镇东关社区{e}" for e in entries))
    assert ask(geocoder, text).address_id is None


@pytest.mark.parametrize(
    "words",
    ["旁", "旁边", "旁边小卖部", "隔壁", "对面", "斜对面", "对过", "对门", "后面", "背后", "前面", "前", "后",
     "往东50米", "向北100米", "以北", "东侧", "西邻", "北边", "西北角", "附近", "一带", "楼后", "左边",
     "对面3栋", "西侧约30米", "门口对面", "50米处", "东"],
)  # fmt: skip
def test_words_of_position_are_near_and_not_at_it(words):
    geocoder = geocoder_of("城关镇西关社区学院路8号")
    answer = ask(geocoder, f"学院路8号{words}")
    assert (answer.status, "vague_position" in answer.evidence) == ("review", True)


@pytest.mark.parametrize(
    "text",
    ["{} ,opposite", "opposite {}", "behind {}", "next to {}", "near {}", "50 m north of {}",
     "across from {}", "beside {}", "next door to {}", "100 feet west of {}", "{} next door"],
)  # fmt: skip
def test_western_words_of_position_are_near_and_not_at_it(text):
    assert ask(geocoder_of("123 Main St"), text.format("123 Main St")).status == "review"


@pytest.mark.parametrize(
    "text", ["学院路412号东方广场3栋", "学院路412号前进小区3栋", "学院路412号北苑3栋"]
)
def test_a_name_that_begins_like_a_position_is_a_name(text):
    assert "vague_position" not in ask(geocoder_of("城关镇西关社区学院路412号"), text).evidence


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("学院路331~360号", 331, 360), ("学院路301号至399号", 301, 399), ("学院路301、303号", 301, 303),
     ("学院路301号和303号", 301, 303), ("学院路301号-325号", 301, 325), ("1号至3号", -1, -1)],
)  # fmt: skip
def test_a_stretch_is_answered_by_the_stretch(text, low, high):
    entries = [f"城关镇西关社区学院路{n}号" for n in range(301, 400, 2)]
    answer = ask(geocoder_of(*entries), text)
    if low > 0:
        assert (answer.status, answer.address_id) == ("accepted", None)
        assert answer.error_m > 0
    assert (answer.number_from, answer.number_to) == (low, high)


def test_a_stretch_that_two_towns_have_is_asked_about():
    entries = [f"{town}某社区长街{n}号" for town in ("城关镇", "石桥镇") for n in (41, 43, 45)]
    answer = ask(geocoder_of(*entries), "长街41~45号")
    assert (answer.status, answer.number_from, answer.number_to) == ("review", 41, 45)


# -- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("学院路8号", "【学院路8号】"), ("学院路8号", "430000学院路8号"), ("学院路8号", "学院路8号 430000"),
        ("学院路8号", "8號學院路"), ("学院路8号", "学院路\u200b8\ufeff号"), ("学院路8号", "学院路№8"),
        ("锦绣花园3栋2单元", "锦绣花园2单元3栋"), ("学院路8号", "学院路8号地下室"),
        ("虚构市政通路6号", "虚构市政通路6号"), ("虚构市场前街6号", "场前街6号"),
        ("镇平县城关路6号", "城关路6号"), ("城关镇政府路6号", "政府路6号"), ("唐家村委会路6号", "委会路6号"),
        ("枣庄市市中区人民路6号", "市中区人民路6号"), ("荆州市沙市区江津路6号", "沙市区江津路6号"),
        ("镇江市京口区解放路6号", "镇江市解放路6号"), ("乡城县香巴拉镇团结路6号", "香巴拉镇团结路6号"),
        ("阳光花园三区5号楼", "阳光花园3区5号楼"), ("望江西园四区5号楼", "望江西园4区5栋"),
        ("臺北路6号", "台北路6號"), ("123 Main St", "J. Doe, 123 Main St, 617-555-0100"),
        ("123 Main St", "Unit 3B 123 Main Street"), ("123 Main St", "123 Apt 2 Main St"),
        ("123 Main St", "c/o Smith, 123 Main St"), ("23-45 31st St", "23-45 31 St"),
    ],
)  # fmt: skip
def test_common_ways_of_writing_are_read(entry, text):
    answer = ask(geocoder_of(entry), text)
    assert (answer.status, answer.address_id) == ("accepted", entry)


ROMAN = (
    "城关镇西关社区学院路8号",
    "城关镇东关社区建设东路6号",
    "城关镇东关社区锦绣花园3栋2单元501室",
)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Xueyuan Lu 8 Hao", 0), ("No. 8 Xueyuan Road", 0), ("8 Xue Yuan Rd", 0), ("Xuéyuàn Lù 8", 0),
        ("Jianshe Dong Lu 6 Hao", 1), ("6 Jianshe East Road", 1),
        ("Jinxiu Garden Building 3 Unit 2 Room 501", 2),
    ],
)  # fmt: skip
def test_a_chinese_register_is_read_in_latin_letters(text, entry):
    answer = ask(geocoder_of(*ROMAN), text)
    assert (answer.status, answer.address_id) == ("accepted", ROMAN[entry])


@pytest.mark.parametrize(
    "text", ["6 Jianshe West Road", "8 Main Street", "8 Xueyuan Rd, Beijing", "18 Xueyuan Road"]
)
def test_latin_letters_that_say_something_else_are_not_accepted(text):
    assert ask(geocoder_of(*ROMAN), text).status != "accepted"


def test_two_names_of_one_sound_are_asked_about():
    geocoder = geocoder_of("城关镇西关社区学院路8号", "城关镇西关社区学苑路8号")
    assert ask(geocoder, "8 Xueyuan Road").status == "review"


# -- a town that is not written ------------------------------------------------------------------


@pytest.mark.parametrize("stray", ["", " 甲乙小卖部", " 老王修理铺", " 收发室"])
def test_a_word_that_no_town_knows_proves_no_town(stray):
    known = [f"东关镇东关社区金桥路{n}号" for n in (88, 90, 92, 96)]
    geocoder = geocoder_of(*known, "西关镇西关社区金桥路94号")
    answer = ask(geocoder, f"金桥路94号{stray}")
    assert answer.status == "review" and "name_elsewhere" in answer.evidence
