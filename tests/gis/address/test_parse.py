"""Two grammars, one record."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address import chinese
from gis.address.address import ADDRESS_PARTS, KINDS, Address
from gis.address.normalise import normalise_chinese
from gis.address.parse import READ_COLUMNS, parse, parse_many, read_addresses
from gis.domain.kinds import ADDRESS_PARTS as RECORD_PARTS
from gis.errors import InvalidInput

ADDRESS_LIKE = st.text(
    "古州镇榕社区大道路街巷弄段号栋单元室村寨组12３-~#/与()附之一二十,. AaptstN&@½"
)


def read(text):
    """Give the parts that are set, without the integers that follow from the number."""
    address = parse(text)._asdict()
    return {k: v for k, v in address.items() if v not in ("", (), -1, "address") and "_" not in k}


def test_the_parts_are_those_of_the_register_files():
    assert ADDRESS_PARTS == RECORD_PARTS
    assert list(Address._fields)[:8] == list(ADDRESS_PARTS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "贵州省黔东南州榕江县古州镇古榕社区榕江大道12号附3号阳光小区3栋2单元501室",
            {
                "region": "贵州省黔东南州榕江县", "town": "古州镇", "community": "古榕社区",
                "street": "榕江大道", "number": "12-3", "estate": "阳光小区", "building": "3",
                "stairwell": "2", "room": "501",
            },
        ),
        (
            "车民街道富民社区滨江路88号",
            {"town": "车民街道", "community": "富民社区", "street": "滨江路", "number": "88"},
        ),
        (
            "阳光小区3-2-501",
            {"estate": "阳光小区", "building": "3", "stairwell": "2", "room": "501"},
        ),
        (
            "榕江大道12号3-501",
            {"street": "榕江大道", "number": "12", "building": "3", "room": "501"},
        ),
        ("滨江路8号3栋5层501", {"street": "滨江路", "number": "8", "building": "3", "room": "501"}),
        ("阳光小区3栋5层3室", {"estate": "阳光小区", "building": "3", "room": "503"}),
        ("东环路一巷12-1号", {"street": "东环路1巷", "number": "12-1"}),
        ("解放路15号院3号楼", {"street": "解放路", "number": "15", "building": "3"}),
        (
            "榕江县高埂村上寨三组12号",
            {"region": "榕江县", "community": "高埂村", "estate": "上寨3组", "number": "12"},
        ),
        ("古州镇中寨25号", {"town": "古州镇", "estate": "中寨", "number": "25"}),
        ("農安街28之1~30號", {"street": "农安街", "number": "28"}),
        ("一号路12号", {"street": "一号路", "number": "12"}),
        ("铁路新街12号", {"street": "铁路新街", "number": "12"}),
        ("县府路12号", {"street": "县府路", "number": "12"}),
        ("新村社区幸福新村3栋", {"community": "新村社区", "estate": "幸福新村", "building": "3"}),
        (
            "台北市大安區和平東路二段12號3樓之2",
            {"region": "台北市大安区", "street": "和平东路2段", "number": "12", "room": "3楼-2"},
        ),
        ("12 Main St N, Apt #3b", {"number": "12", "street": "main street north", "room": "3b"}),
        ("8-1/2 Ash Street Pl", {"number": "8-1/2", "street": "ash street place"}),
        ("166-A Elm St", {"number": "166a", "street": "elm street"}),
        ("Landstraße 12 a", {"number": "12a", "street": "landstrasse"}),
        ("Im Rietacker 4", {"number": "4", "street": "im rietacker"}),
        (
            "350 MAIN ST Springfield, MA",
            {"number": "350", "street": "main street", "town": "springfield"},
        ),
        (
            "13-Nov Main St",
            {"number": "11-13", "street": "main street", "notes": ("number_from_date",)},
        ),
        ("中山路附近", {"street": "中山路", "notes": ("vague_position",)}),
        ("Elm St (opp)", {"street": "elm street", "notes": ("vague_position",)}),
        ("5I75 Elm St", {"number": "575", "street": "elm street", "notes": ("number_unread",)}),
    ],
)  # fmt: skip
def test_every_part_is_read(text, parts):
    assert read(text) == parts


@pytest.mark.parametrize(
    ("text", "street", "low", "high"),
    [
        ("臺北市中山區新生北路1段91~120號", "新生北路1段", 91, 120),
        ("文山區興隆路4段91~120巷口", "兴隆路4段", 91, 120),
        ("民生西路360~331號", "民生西路", 331, 360),
        ("1300 - 1399 BLOCK OF T STREET NW", "t street northwest", 1300, 1399),
        ("1300 block T St", "t street", 1300, 1399),
    ],
)
def test_a_stretch_of_numbers_is_a_block(text, street, low, high):
    address = parse(text)
    assert (address.kind, address.street) == ("block", street)
    assert (address.number_from, address.number_to) == (low, high)


@pytest.mark.parametrize(
    ("text", "street", "cross"),
    [
        ("Main St & Oak Ave, Springfield, MA", "main street", "oak avenue"),
        ("HAMPSHIRE @ CARDINAL", "hampshire", "cardinal"),
        ("Main St at Oak Ave", "main street", "oak avenue"),
        ("Main St / Oak Ave", "main street", "oak avenue"),
        ("臺北市中正區公園路 / 臺北市中正區信陽街", "公园路", "信阳街"),
        ("和平东路2段与复兴南路交叉口", "和平东路2段", "复兴南路"),
    ],
)
def test_two_streets_are_an_intersection(text, street, cross):
    address = parse(text)
    assert (address.kind, address.street, address.cross_street) == ("intersection", street, cross)


@settings(max_examples=250, derandomize=True, deadline=None)
@given(st.one_of(st.text(), ADDRESS_LIKE), st.sampled_from(["auto", "chinese", "western"]))
def test_no_text_is_too_strange_to_read(text, grammar):
    address = parse(text, grammar=grammar)
    assert address.kind in KINDS
    assert (address.kind == "none") == address.is_empty
    assert address.number_from <= address.number_to


@settings(max_examples=300, derandomize=True, deadline=None)
@given(ADDRESS_LIKE)
def test_the_remembered_front_of_an_address_is_the_front_read_anew(text):
    text = normalise_chinese(text)
    assert chinese._front_of(text) == chinese._read_front(text)


def test_many_texts_are_read_in_order():
    texts = ["5 Elm St", None, "阳光小区3栋", "5 Elm St"]
    assert parse_many(texts) == [parse(t) for t in texts]


def test_an_unknown_grammar_is_refused():
    with pytest.raises(InvalidInput, match="grammar"):
        parse("5 Elm St", grammar="latin")


def test_parts_stand_beside_the_text_as_it_was_written():
    texts = pd.Series(["350 Main St ", None, "331~360號"], index=[5, 3, 4])
    read = read_addresses(texts)
    assert tuple(read.columns) == READ_COLUMNS and read.index.tolist() == [5, 3, 4]
    assert read.raw.tolist() == ["350 Main St ", "", "331~360號"]
    assert read.loc[5, ["street", "number", "number_from"]].tolist() == ["main street", "350", 350]
    assert read.loc[3, "kind"] == "none"


def test_no_texts_are_read_into_an_empty_frame_of_the_same_columns():
    read = read_addresses([])
    assert len(read) == 0 and tuple(read.columns) == READ_COLUMNS
