"""Chinese numerals as counts: every number comes back, what may be two numbers is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.kinds import Field
from gis.exchange.numerals import chinese_from_count, count_from_chinese
from gis.exchange.records import read_records
from gis.exchange.values import read_value

COUNTS = st.integers(0, 99_999_999) | st.integers(0, 300)
FORMAL = str.maketrans("零一二三四五六七八九十百千万", "零壹贰叁肆伍陆柒捌玖拾佰仟萬")
SCALES = {"十": 10, "百": 100, "千": 1000}


def value_by_section(numeral):
    """Read a well-formed numeral another way: cut at 万, then pairs of digit and scale."""
    high, has_high, low = numeral.rpartition("万")
    return (section(high) * 10_000 if has_high else 0) + section(low)


def section(numeral):
    total, signs = 0, numeral.replace("零", "")
    while signs:
        digit = "十一二三四五六七八九".index(signs[0]) or 1
        signs = signs[1:] if signs[0] != "十" else signs
        total += digit * (SCALES[signs[0]] if signs else 1)
        signs = signs[1:]
    return total


@given(COUNTS)
def test_every_count_comes_back_in_each_of_its_writings(number):
    written = chinese_from_count(number)
    assert value_by_section(written) == number
    writings = {
        written,
        written.translate(FORMAL),
        written.replace("零", "〇"),
        written.replace("二千", "两千").replace("二百", "两百").replace("二万", "两万"),
        written.replace("二十", "廿"),
        f"一{written}" if written.startswith("十") else written,
    }
    for text in writings:
        assert count_from_chinese(text) == number, text
        assert read_value(f" {text}户 ", Field("dwellings", "integer")) == number


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [("三人", "people", 3), ("两口", "people", 2),
     ("三口之家", "people", 3), ("廿三", "people", 23),
     ("十二户", "dwellings", 12), ("壹佰", "people", 100), ("十八层", "levels", 18),
     ("1万", "people", 10_000), ("1.2万人", "people", 12_000),
     ("二〇三", "people", 203), ("1'234", "people", 1234),
     ("1’234 persons", "people", 1234), ("3\u200b", "people", 3), ("'3", "people", 3)],
)  # fmt: skip
def test_counts_are_read_as_people_write_them(text, field, expected):
    assert read_value(text, Field(field, "integer")) == expected


@pytest.mark.parametrize(
    "text",
    ["三四人", "三四", "二三十", "一百五", "一万二", "十十", "百", "万", "三户", "约三人", "三人半",
     "1.23456万", "一二三", "1'23", "1 234", "人", "三百万亿亿"],
)  # fmt: skip
def test_what_may_be_another_number_is_refused(text):
    with pytest.raises(ValueError, match="plain number"):
        read_value(text, Field("people", "integer"))


def test_numerals_in_names_and_addresses_stay_words(file):
    text = "户号,户主,人数,地址\n十二,万三,两口,三元里二十三号\n"
    (row,) = read_records(file("a.csv", text), "households").frame.itertuples()
    assert (row.number, row.head_name, row.address_text) == ("十二", "万三", "三元里二十三号")
    assert row.people == 2


def test_a_word_for_nothing_is_an_empty_number_or_day(file):
    text = "户号,姓名,出生日期\nH1,甲,不详\nH2,乙,1985-03-05\nH3,丙,/\n"
    result = read_records(file("a.csv", text), "residents")
    assert not result.defects
    assert result.frame["birth_date"].notna().tolist() == [False, True, False]
    assert any("2 rows have a word for nothing" in n.message for n in result.notes)
    places = read_records(file("b.csv", "名称,经度,纬度\nA,无,无\nB,9.5,-\n"), "places")
    assert [(d.row, d.field) for d in places.defects] == [(2, "lat")]


def test_the_mark_that_keeps_a_cell_text_is_no_part_of_it(file):
    text = "户号,户主,电话\n'0012,'t Hooft,'13800001111\n'=1+1,a,'+86 138\n"
    frame = read_records(file("a.csv", text), "households").frame
    assert frame["number"].tolist() == ["0012", "=1+1"]
    assert frame["head_name"].tolist() == ["'t Hooft", "a"]
    assert frame["phone"].tolist() == ["13800001111", "+86 138"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("114,1247", 114.1247), ("9,5247", 9.5247),
     ("114.1247\u200b", 114.1247), ("114,12", None), ("114,124", None),
     ("1,141,247", 1141247.0)],
)  # fmt: skip
def test_a_comma_that_can_only_be_a_decimal_point_is_one(text, expected):
    field = Field("lon", "number")
    if expected is None:
        with pytest.raises(ValueError, match="no angle"):
            read_value(text, field)
    else:
        assert read_value(text, field) == expected
