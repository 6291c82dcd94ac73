"""Province, city and county at the beginning of a Chinese address, and whether two can be one.

Known names are taken whole, so that signs inside them (市中区, 镇江市, 乡城县) part nothing; other
names are read by their last sign, where no word begins with it (市 but not 市场, 县 but not 县城).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from gis.address.division_names import read_divisions

_X = r"[^\d\s,/(~号栋省市县区镇乡村街路巷弄]"
_ROAD = "(?:路|街|巷|大道|弄)"
_OF_MARKETS = "贸菜发超集鸟材商夜早果畜品食街路口镇村桥场"
_NUMBERED = "一二三四五东西南北中"
_OF_CITY = rf"(?!场[{_NUMBERED}]|场(?!{_X}{{1,3}}{_ROAD})|[民政医府](?!{_X}{{1,3}}{_ROAD}))"
_CITY_SIGN = rf"(?<![{_OF_MARKETS}])市{_OF_CITY}"
_SIDE = "关厢郊东西南北中"
_COUNTY_SIGN = rf"县(?:城(?=[^{_SIDE}]))?(?!城[^{_SIDE}]|道|[府医委政](?!{_X}{{0,3}}{_ROAD}))"
_SECTION_BEFORE = "一二三四五六七八九十东西南北中上下前后新老社小园校厂库景发苑院庭城家村A-Z"
_PEOPLES = (
    "(?:苗|侗|布依|土家|回|藏|彝|白|傣|景颇|傈僳|哈尼|壮|朝鲜|羌|蒙古|满|瑶|土|撒拉|东乡|保安|裕固|仡佬|黎|畲|"
    "水|佤|拉祜|布朗|纳西|普米|怒|独龙|仫佬|毛南|达斡尔|锡伯|塔吉克|哈萨克|柯尔克孜|维吾尔|各)(?:族)?"
)

_province = re.compile(rf"{_X}{{2,4}}省|{_X}{{2,5}}自治区")
_city = re.compile(rf"{_X}{{2,8}}?(?:自治州|州(?={_X}{{1,6}}[县市镇乡])|地区|盟|{_CITY_SIGN})")
_county = re.compile(
    rf"{_X}{{1,8}}?(?:自治县|自治旗|{_COUNTY_SIGN}|{_CITY_SIGN}|旗(?=.{{1,8}}[镇乡]|苏木))"
)
_district = re.compile(rf"{_X}{{1,8}}?(?<![{_SECTION_BEFORE}])区(?![\d号栋]|$)")
_zone = re.compile(
    rf"{_X}{{0,8}}?(?:高新|经开|开发|工业园|产业园|科技园|示范|保税|旅游度假|管理)区(?={_X}{{1,8}}{_ROAD})"
)
_goes_on = re.compile(r".*?(?:[镇乡村路街巷弄]|大道|社区)").match
_of_peoples = re.compile(f"(?:{_PEOPLES})+(?=自治|$)")
_kind = re.compile("(?:省|自治区|特别行政区|自治州|地区|盟|自治县|自治旗|林区|特区|[市县区州旗])$")


class Region(NamedTuple):
    """Names of the three levels; "" where the text is silent."""

    province: str = ""
    city: str = ""
    county: str = ""


NOWHERE = Region()


def _table() -> tuple[dict[str, Region], dict[str, list[Region]], dict[str, list[Region]]]:
    """Give provinces, cities and counties by the ways of writing their names."""
    provinces: dict[str, Region] = {}
    cities: dict[str, list[Region]] = {}
    counties: dict[str, list[Region]] = {}
    for code, names in read_divisions().items():
        here = Region(*names)
        if len(code) == 2:
            provinces[here.province] = provinces[_core(here.province)] = here
        elif len(code) == 4:
            for name in (
                {here.city, f"{_core(here.city)}州"} if here.city[-1:] == "州" else {here.city}
            ):
                cities.setdefault(name, []).append(here)
        else:
            counties.setdefault(here.county, []).append(here)
    cities.pop("", None)
    return provinces, cities, counties


@lru_cache(maxsize=65_536)
def _core(name: str) -> str:
    """Give a name without its kind and its peoples: 黔东南苗族侗族自治州 is 黔东南."""
    own = _kind.sub("", name) if len(name) > 2 else name
    plain = _of_peoples.sub("", own) if "自治" in name else own
    return plain if len(plain) > 1 else own


_PROVINCES, _CITIES, _COUNTIES = _table()


def read_region(text: str) -> int:
    """Give the length of province, city and county that a text begins with; 0 for none.

    Examples
    --------
    >>> [t[: read_region(t)] for t in ("贵州省榕江县古州镇", "青岛市市北区镇江路", "市中区建设路")]
    ['贵州省榕江县', '青岛市市北区', '市中区']
    >>> [t[: read_region(t)] for t in ("义乌市政通路8号", "榕江县城关路2号", "阳光花园三区5栋")]
    ['义乌市', '榕江县', '']
    """
    return _ends(text)[2]


def _ends(text: str) -> tuple[int, int, int]:
    """Give where province, city and county end; a zone (高新区) goes with the last."""
    province = _province_end(text)
    city = _city_end(text, province)
    county = _county_end(text, city)
    zone = _zone.match(text, county)
    return province, city, zone.end() if zone else county


def _province_end(text: str) -> int:
    for length in (8, 7, 6, 3, 2):
        name = text[:length]
        if name not in _PROVINCES:
            continue
        if len(name) > 3 or name[-1] in "省市区":
            return length
        if _known_end(text, length, _CITIES) or _known_end(text, length, _COUNTIES):
            return length
    match = _province.match(text)
    return match.end() if match else 0


def _city_end(text: str, at: int) -> int:
    if end := _known_end(text, at, _CITIES):
        return end
    if _known_end(text, at, _COUNTIES):
        return at
    if (end := _short_city_end(text, at)) > at:
        return end
    match = _city.match(text, at)
    return match.end() if match else at


def _short_city_end(text: str, at: int) -> int:
    """Read a city without its sign before one of its counties: 武汉洪山区."""
    for length in (4, 3, 2):
        homes = _CITIES.get(text[at : at + length] + "市", ())
        if homes and (end := _known_end(text, at + length, _COUNTIES)):
            county = text[at + length : end]
            if any(r.city in {h.city for h in homes} for r in _COUNTIES[county]):
                return at + length
    return at


def _county_end(text: str, at: int) -> int:
    end = _known_end(text, at, _COUNTIES)
    if end and (text[end - 1] != "区" or _is_district(text, at, end)):
        return end
    match = _county.match(text, at)
    if match is None and (match := _district.match(text, at)) and not _goes_on(text, match.end()):
        match = None
    return match.end() if match else at


def _is_district(text: str, at: int, end: int) -> bool:
    """Whether a known name with 区 is a district here, and not a section of an estate."""
    if at:
        return True
    return end - at > 2 and _goes_on(text, end) is not None and not text[end].isdigit()


def _lengths(names: dict[str, list[Region]]) -> dict[str, tuple[int, ...]]:
    return _CITY_LENGTHS if names is _CITIES else _COUNTY_LENGTHS


def _lengths_by_sign(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Give the lengths of names, longest first, by the sign they begin with."""
    found: dict[str, set[int]] = {}
    for name in names:
        found.setdefault(name[:1], set()).add(len(name))
    return {sign: tuple(sorted(lengths, reverse=True)) for sign, lengths in found.items()}


_CITY_LENGTHS, _COUNTY_LENGTHS = _lengths_by_sign(_CITIES), _lengths_by_sign(_COUNTIES)


def _known_end(text: str, at: int, names: dict[str, list[Region]]) -> int:
    for length in _lengths(names).get(text[at : at + 1], ()):
        if text[at : at + length] in names:
            return at + length
    return 0


@lru_cache(maxsize=8_192)
def region_of(text: str) -> Region:
    """Give the levels of a region as it is written, and those that follow from a known name.

    Examples
    --------
    >>> region_of("榕江县")
    Region(province='贵州省', city='黔东南苗族侗族自治州', county='榕江县')
    >>> region_of("湖北省虚构市虚构县")
    Region(province='湖北省', city='虚构市', county='虚构县')
    """
    if not text:
        return NOWHERE
    start, middle, end = (min(e, len(text)) for e in _ends(f"{text}甲路"))
    province, city, county = text[:start], text[start:middle], text[middle:end]
    zone = _zone.search(f"{county}甲路")
    county = (county[: zone.start()] if zone else county).replace("县城", "县")
    province = _PROVINCES[province].province if province in _PROVINCES else province
    written = Region(province, city, county)
    known = [r for r in _candidates(city, county) if not contradicts(written, r)]
    if len(known) == 1 and county in ("", known[0].county):
        only = known[0]
        return Region(province or only.province, city or only.city, county or only.county)
    return written


def _candidates(city: str, county: str) -> list[Region]:
    if county in _COUNTIES:
        return _COUNTIES[county]
    named = _CITIES.get(city) or _CITIES.get(city + "市") or ()
    return [r._replace(county=county) for r in named]


def contradicts(written: Region, here: Region) -> bool:
    """Whether what is written of a region says another one than where an entry lies.

    Examples
    --------
    >>> here = region_of("榕江县")
    >>> [contradicts(region_of(t), here) for t in ("贵州省", "黔东南州", "从江县", "北京市海淀区")]
    [False, False, True, True]
    """
    if written in (here, NOWHERE) or here == NOWHERE:
        return False
    if any(map(_differ, written, here)):
        return True
    named = [n for n in written if n.endswith("市")]
    return any(here.city and here.county and not _among(n, here) for n in named)


def _differ(one: str, other: str) -> bool:
    if not one or not other or "某" in one:
        return False
    a, b = _core(one), _core(other)
    return a != b and not (one[-1] != other[-1] and (a.startswith(b) or b.startswith(a)))


def _among(name: str, here: Region) -> bool:
    return "某" in name or any(_core(name) == _core(n) for n in here if n)
