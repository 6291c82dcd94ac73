"""Fields that several kinds of records share: the parts of an address, a place, marks."""

from __future__ import annotations

from gis.domain.kinds.kind import FLAG, Field

ADDRESS_FIELDS = (
    Field("town", synonyms=("乡镇", "镇", "街道", "city"), zh="乡镇"),
    Field("community", synonyms=("社区", "村", "neighborhood", "neighbourhood"), zh="社区"),
    Field("street", synonyms=("路", "街路巷", "street_name", "addr:street"), zh="街路巷"),
    Field(
        "number", synonyms=("号", "门牌号", "housenumber", "addr:housenumber", "stnum"), zh="门牌号"
    ),
    Field("estate", synonyms=("小区", "compound", "estate_name"), zh="小区"),
    Field("building", synonyms=("栋", "楼栋", "building_number"), zh="楼栋"),
    Field("stairwell", synonyms=("单元", "entrance"), zh="单元"),
    Field("room", synonyms=("室", "房号", "unit", "apartment"), zh="房号"),
)
"""The parts of an address, largest first; the same eight words in the register and the parser."""

ADDRESS_PARTS = tuple(f.name for f in ADDRESS_FIELDS)


def located_fields(*, personal: bool) -> tuple[Field, ...]:
    """Give the fields that say where a record is: text and coordinates.

    Parameters
    ----------
    personal
        Whether the place is somebody's.
    """
    return (
        Field(
            "address_text",
            synonyms=("address", "地址", "住址", "location", "full_addr"),
            zh="地址",
            called="address",
            personal=personal,
        ),
        Field(
            "lon",
            "number",
            synonyms=("longitude", "经度", "x", "lng"),
            zh="经度",
            personal=personal,
        ),
        Field("lat", "number", synonyms=("latitude", "纬度", "y"), zh="纬度", personal=personal),
    )


YES_NO = {"true": ("是", "yes"), "false": ("否", "no")}
SYNTHETIC = Field("synthetic", "choice", choices=FLAG, zh="是否虚构", words=YES_NO)
EXCLUSIVE = Field(
    "exclusive", "choice", choices=FLAG, synonyms=("专属", "专属网格"), zh="专属网格", words=YES_NO
)
