"""What other parts prove is accepted; what they leave open goes to a person."""

import pandas as pd
import pytest

from gis.address.geocoder import Geocoder
from gis.address.normalise import normalise
from gis.address.signs import tells_apart

METRE = 1 / 111_320

ENTRIES = [
    # town, community, street, number, estate, building, stairwell, room
    ("古州镇", "古榕社区", "滨江东路", "412", "金桂家园", "3", "2", "501"),
    ("古州镇", "古榕社区", "滨江东路", "412", "金桂家园", "3", "2", "502"),
    ("古州镇", "古榕社区", "滨江东路", "412", "金桂家园", "3", "", ""),
    ("古州镇", "古榕社区", "百花街", "7", "", "", "", ""),
    ("古州镇", "古榕社区", "百花街", "9", "", "", "", ""),
    ("古州镇", "仁育社区", "百花街", "40", "", "", "", ""),
    ("古州镇", "仁育社区", "友谊街", "7", "", "", "", ""),
    ("古州镇", "丰乐社区", "友谊街", "7", "", "", "", ""),
    ("古州镇", "丰乐社区", "友谊街", "9", "", "", "", ""),
    ("古州镇", "高武村", "", "12", "下寨", "", "", ""),
    ("古州镇", "高埂村", "", "12", "上寨", "", "", ""),
    ("平江镇", "平江社区", "百花街", "60", "", "", "", ""),
    ("平江镇", "平江社区", "滨江东路", "3", "", "", "", ""),
    ("平江镇", "平江社区", "滨江东路", "900", "", "", "", ""),
    ("平江镇", "平江社区", "", "", "碧水花园", "2", "1", "601"),
    ("平江镇", "平江社区", "", "", "碧水花园", "2", "1", "602"),
    ("平江镇", "平江社区", "", "", "碧水花园", "2", "1", "1801"),
    ("古州镇", "仁育社区", "", "", "碧水花园", "2", "1", "601"),
    ("古州镇", "仁育社区", "", "", "碧水花园", "2", "1", "302"),
    ("平江镇", "平江社区", "滨江东路", "412", "", "", "", ""),
]
PARTS = ["town", "community", "street", "number", "estate", "building", "stairwell", "room"]


@pytest.fixture(scope="module")
def geocoder():
    register = pd.DataFrame(ENTRIES, columns=PARTS)
    at = pd.RangeIndex(len(register)).to_numpy()
    lon = 108.5 + 400 * METRE * at.clip(3) + (register.town == "平江镇") * 0.2
    return Geocoder(register.assign(address_id=at, lon=lon, lat=25.9))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("古州镇丰乐社区百花街7号", 3),  # no such street in the community written
        ("古州镇仁欲社区百花街9号", 4),
        ("古州镇丰乐社区金桂家园3栋2单元501室", 0),
        ("古州镇古榕社区金鬼家苑3栋2单元501室", 0),  # the flat and its community tell the estate
        ("宾东路412号金桂家园3栋2单元502室", 1),  # estate, number and flat tell the street
        ("古州镇古榕社区滨江路412号金桂家园3栋2单元501室", 0),
        ("滨江东路412号3栋2单元501室", 0),  # number 412 of the other town is one house
        ("碧水花园2栋1单元1801室", 16),  # the other town's building ends at the sixth floor
    ],
)
def test_what_all_other_parts_prove_is_accepted(geocoder, text, row):
    found = geocoder.geocode([text]).iloc[0]
    assert (found.address_id, found.status) == (row, "accepted"), found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "古州镇仁育社区百花街7号",  # the community has a street of this name: another one
        "丰乐社区百花街7号",  # no town is written
        "古州镇高埂村下寨12号",  # a hamlet counts within its village
        "古州镇古榕社区滨江西路412号金桂家园3栋2单元501室",  # a sign that is written and differs
        "古州镇古榕社区滨江东路412号碧水花园3栋2单元501室",  # another estate
        "碧水花园2栋1单元602室",  # the other town's building may have it
        "碧水花园2栋1单元2001室",  # a flat that the only known building does not have
    ],
)
def test_what_is_written_and_not_proved_goes_to_a_person(geocoder, text):
    found = geocoder.geocode([text]).iloc[0]
    assert found.status != "accepted", (found.address_id, found.evidence)


def test_a_street_is_answered_within_its_community_however_long(geocoder):
    found = geocoder.geocode(["古州镇古榕社区百花街"]).iloc[0]
    assert (found.level, found.status, found.address_id) == ("street", "accepted", None)
    assert 108.5 + 1_200 * METRE <= found.lon <= 108.5 + 1_600 * METRE
    assert found.error_m == pytest.approx(181, abs=3)


def test_a_street_of_two_communities_is_one_where_no_number_is_in_both(geocoder):
    one, two, bare = geocoder.geocode(["古州镇百花街", "古州镇友谊街", "百花街"]).itertuples()
    assert (one.status, two.status, bare.status) == ("accepted", "review", "review")


def test_a_text_that_names_a_community_only_is_answered_by_it(geocoder):
    only, house = geocoder.geocode(["古州镇高武村", "古州镇高武村77号"]).itertuples()
    assert (only.level, only.status, only.evidence.split(";")[0]) == (
        "community",
        "accepted",
        "community_whole",
    )
    assert house.status == "review"


@pytest.mark.parametrize("word", ["对面", "隔壁", "旁边", "旁", "对门"])
def test_beside_a_flat_is_its_building_and_never_the_flat(geocoder, word):
    text = f"古州镇古榕社区金桂家园3栋501室{word}"
    found = geocoder.geocode([text]).iloc[0]
    assert (found.address_id, found.level, found.status) == (2, "building", "accepted")
    assert "beside_flat" in found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "古州镇古榕社区金桂家园3栋对面",
        "古州镇古榕社区金桂家园3栋501室附近",
        "古州镇古榕社区金桂家园3栋501室对面小卖部",
        "靠近古州镇古榕社区金桂家园3栋501室旁",
        "古州镇古榕社区百花街7号旁边",
    ],
)
def test_beside_a_house_is_not_the_house(geocoder, text):
    found = geocoder.geocode([text]).iloc[0]
    assert (found.status, "vague_position" in found.evidence) == ("review", True)


@pytest.mark.parametrize(
    ("written", "known", "apart"),
    [
        ("门南路", "南门路", True),
        ("心中大道", "中心大道", False),
        ("中锌大道", "中心大道", False),
        ("富庚小区", "富康小区", False),
        ("利大村", "大利村", False),
        ("东西路", "西东路", True),
        ("一五街", "五一街", True),
        ("南门路", "北门路", True),
        ("丙巷", "丁巷", True),
    ],
)
def test_a_sign_that_changed_places_is_the_same_sign(written, known, apart):
    assert tells_apart(written, known) is apart


def test_a_hyphen_between_numbers_of_one_side_is_a_stretch_where_no_entry_has_it():
    texts = [f"古州镇古榕社区百花街{n}号" for n in (12, 14, 16, 18)]
    texts += ["古州镇古榕社区百花街12号附3号", "古州镇古榕社区百花街2-4号"]
    lon = 108.5 + 10 * METRE * pd.RangeIndex(len(texts)).to_numpy()
    found = Geocoder(
        pd.DataFrame({"address_id": texts, "text": texts, "lon": lon, "lat": 25.9})
    ).geocode(["古榕社区百花街12-16号", "古榕社区百花街12-3号", "古榕社区百花街2-4号"])
    assert found["address_id"].tolist() == [None, *texts[4:]]
    assert found["level"].tolist() == ["interpolated", "number", "number"]
    assert found[["number_from", "number_to"]].values.tolist() == [[12, 16], [-1, -1], [-1, -1]]
    assert set(found["status"]) == {"accepted"}


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("平江镇178#", "平江镇178号"),
        ("西环街，56#", "西环街,56号"),
        ("小瑞村委会252#", "小瑞村252号"),
        ("空烈294#", "空烈294号"),
        ("沿河路452#7-1-303", "沿河路452号7-1-303"),
        ("阳光小区3#", "阳光小区3栋"),
        ("阳光小区101#", "阳光小区101栋"),
        ("滨江路8#3-501", "滨江路8栋3-501"),
        ("1路6号", "一路6号"),
    ],
)
def test_a_plate_sign_is_told_from_a_building_by_what_stands_before_it(text, spelling):
    assert normalise(text) == spelling
