"""Which columns of a table hold the address, and how several are joined to one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis.address.normalise import is_chinese, text_of
from gis.errors import InvalidInput
from gis.exchange.columns import bare_name, plain_name

WHOLE = (
    "address_text", "address", "full_address", "location", "text", "地址", "住址", "详细地址",
    "家庭住址", "现住址", "居住地址", "地点", "发生地址",
)  # fmt: skip
"""Names of the column that holds the address, the surest first."""

_PARTS: dict[str, tuple[str, ...]] = {
    "province": ("省", "省份", "省市", "province", "state"),
    "city": ("市", "地市", "城市", "所在城市", "city"),
    "county": ("县", "区", "区县", "县区", "县市区", "市县", "county", "district"),
    "town": ("乡镇", "镇", "乡", "镇街", "乡镇街道", "镇街道", "town", "township", "subdistrict"),
    "community": (
        "社区", "村", "村居", "村社区", "社区村", "居委会", "村委会", "行政村", "community",
    ),
    "street": (
        "街道", "街", "路", "路名", "街路", "街路巷", "道路", "道路名称", "街巷", "street", "road",
        "street_name", "strasse",
    ),
    "number": (
        "门牌", "门牌号", "门牌号码", "门号", "号", "house_number", "housenumber", "number",
        "street_number", "hausnummer", "house_no", "no",
    ),
    "estate": ("小区", "小区名称", "楼盘", "院落", "自然寨", "自然村", "组", "estate"),
    "building": ("栋", "楼栋", "楼号", "栋号", "幢", "幢号", "楼幢", "building"),
    "stairwell": ("单元", "单元号", "梯", "stairwell"),
    "room": ("室", "室号", "房号", "房间", "房间号", "户号", "room", "unit", "apartment", "apt"),
    "postcode": ("邮编", "邮政编码", "zip", "zipcode", "postcode", "postal_code", "plz"),
}  # fmt: skip
"""Part of an address to names of its column; in the order a Chinese address is written in."""

_PART_OF = {plain_name(name): part for part, names in _PARTS.items() for name in names}
_PLACES = ("province", "city", "county", "town", "community")
_TELLING = frozenset(["street", "estate", "community", "number"])
_SIGN = {"number": "号", "building": "栋", "stairwell": "单元", "room": "室"}
KNOWN = (*WHOLE, *(name for names in _PARTS.values() for name in names))


@dataclass(frozen=True)
class AddressColumns:
    """The columns an address is read from.

    Parameters
    ----------
    positions
        Of the columns, in the order they are joined in.
    parts
        What each holds: ``whole`` or a part of an address.
    left_out
        Names of columns that hold addresses too and are not taken.
    """

    positions: tuple[int, ...]
    parts: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def text_in(self, row: Sequence[object]) -> str:
        """Give the address of a row."""
        values = [text_of(row[at]).strip() for at in self.positions]
        if len(values) == 1:
            return values[0]
        given = [(p, v) for p, v in zip(self.parts, values, strict=True) if v]
        if any(is_chinese(v) for _, v in given):
            return _joined(given)
        return _joined_western(given)


def find_address_columns(columns: Sequence[str], asked: Sequence[str], file: str) -> AddressColumns:
    """Find the columns of the address: those that are named, else by their names.

    Raises
    ------
    InvalidInput
        There is no such column, or several of a name.

    Examples
    --------
    >>> find_address_columns(["编号", "街道", "门牌号"], [], "f.csv").text_in(["1", "学院路", "8"])
    '学院路8号'
    >>> find_address_columns(["编号", "详细地址*（必填）"], [], "f.csv").positions
    (1,)
    """
    plain = [bare_name(c) for c in columns]
    if asked:
        positions = tuple(_position(plain, name, columns, file) for name in asked)
        alone = len(positions) == 1
        return AddressColumns(positions, tuple(_part(plain[p], alone=alone) for p in positions))
    whole = [plain.index(n) for n in map(plain_name, WHOLE) if plain.count(n) == 1]
    parts = _parts_among(plain)
    if whole:
        front = [(part, at) for part, at in parts if part in _PLACES]
        taken = [*front, ("whole", whole[0])]
        others = tuple(columns[at] for at in whole[1:])
        return AddressColumns(tuple(at for _, at in taken), tuple(p for p, _ in taken), others)
    if len(parts) > 1 and not _TELLING.isdisjoint(dict(parts)):
        return AddressColumns(tuple(at for _, at in parts), tuple(p for p, _ in parts))
    raise _none_found(WHOLE[:5], columns, file)


def _parts_among(plain: list[str]) -> list[tuple[str, int]]:
    """Give the part and position of each column that holds one, in the order they are joined in.

    街道 is a street where no other column is, else the subdistrict.
    """
    found: dict[str, int] = {}
    for at, name in enumerate(plain):
        part = _PART_OF.get(name, "")
        if part == "street" and part in found and plain[found[part]] == "街道":
            found.setdefault("town", found.pop(part))
        elif part == "street" and name == "街道" and part in found:
            part = "town"
        if part and plain.count(name) == 1:
            found.setdefault(part, at)
    return sorted(found.items(), key=lambda item: list(_PARTS).index(item[0]))


def _position(plain: list[str], name: str, columns: Sequence[str], file: str) -> int:
    if plain.count(bare_name(name)) != 1:
        raise _none_found([name], columns, file)
    return plain.index(bare_name(name))


def _none_found(names: Sequence[str], columns: Sequence[str], file: str) -> InvalidInput:
    return InvalidInput(
        f"{file} has no one column {' or '.join(names)}; it has {', '.join(columns)};"
        " name one with --column, or several, each with its own --column, to be joined"
    )


def _part(name: str, *, alone: bool) -> str:
    return "whole" if alone else _PART_OF.get(name, "whole")


def _joined(given: list[tuple[str, str]]) -> str:
    """Join parts as a Chinese address; what the next part says already is not said twice."""
    rest = "".join(v for p, v in given if p not in _PLACES)
    text = ""
    for part, value in given:
        if part == "postcode" or (part in _PLACES and value in rest):
            continue
        sign = _SIGN.get(part, "")
        bare = value.replace("-", "").isalnum() and value.isascii()
        text += value + sign * bool(bare and sign)
    return text


def _joined_western(given: list[tuple[str, str]]) -> str:
    """Join parts as a Western address: number and street, what is inside, then the places."""
    by_part = {p: v for p, v in given if p != "whole"}
    house = " ".join(by_part[p] for p in ("number", "street") if p in by_part)
    whole = [v for p, v in given if p == "whole"]
    inside = [f"apt {v}" if v[0].isdigit() else v for p, v in given if p in ("building", "room")]
    places = [by_part[p] for p in ("town", "city", "province", "postcode") if p in by_part]
    places = [p for p in places if not any(p.lower() in w.lower() for w in whole)]
    return ", ".join(filter(None, [house, *whole, *inside, *places]))
