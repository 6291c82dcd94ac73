"""Which administrative areas of an extract are its communities, and their names and codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis.errors import InvalidInput, Message
from gis.exchange.osm_tags import official_number

PREFERRED_LEVEL = 8
COUNTRY_LEVEL = 2


@dataclass(frozen=True)
class AdministrativeArea:
    """One complete, named area with ``boundary=administrative``."""

    level: int | None
    tags: Mapping[str, str]
    shape: BaseGeometry

    @property
    def name(self) -> str:
        """Name on the ground."""
        return self.tags["name"]


@dataclass(frozen=True)
class ChosenCommunities:
    """Rows of the kind ``communities`` plus ``number``, their level, and what was left out."""

    rows: list[dict[str, object]]
    admin_level: int | None
    notes: tuple[str, ...]


def choose_communities(
    areas: Sequence[AdministrativeArea],
    relations: Mapping[int, tuple[int | None, str]],
    *,
    admin_level: int | None,
    code_prefix: str | None,
    file: str,
) -> ChosenCommunities:
    """Choose the units of one level that lie whole inside the extract's country.

    Parameters
    ----------
    areas
        Areas whose outline is complete in the extract.
    relations
        Level and name of every administrative relation, complete or not, by its id.
    admin_level, code_prefix
        See `gis.exchange.osm.read_osm`.
    file
        Name for messages.

    Raises
    ------
    InvalidInput
        The level asked for has no complete unit, or the prefix is not 6 or 9 digits.
    """
    level = _choose_level(areas, admin_level, file)
    if level is None:
        return ChosenCommunities([], None, ("the extract holds no complete administrative unit",))
    countries = [area for area in areas if area.level == COUNTRY_LEVEL]
    candidates = [area for area in areas if area.level == level]
    inside = [area for area in candidates if _is_inside(area, countries)]
    inside.sort(key=lambda area: (official_number(area.tags) or "", area.name))
    rows = [_row(area, _parents(area, areas)) for area in inside]
    if code_prefix is not None:
        _number_rows(rows, code_prefix)
    return ChosenCommunities(rows, level, _notes(level, rows, candidates, relations))


def _choose_level(areas: Sequence[AdministrativeArea], asked: int | None, file: str) -> int | None:
    levels = sorted({area.level for area in areas if area.level is not None})
    if asked is not None and asked not in levels:
        found = ", ".join(map(str, levels)) or "none"
        raise InvalidInput(
            "{file}: no complete administrative unit of level {level}; levels found: {found}",
            file=file,
            level=asked,
            found=found,
        )
    if asked is not None:
        return asked
    return PREFERRED_LEVEL if PREFERRED_LEVEL in levels else max(levels, default=None)


def _is_inside(area: AdministrativeArea, countries: Sequence[AdministrativeArea]) -> bool:
    """Say whether a unit lies in a country that is whole in the extract, if any is."""
    point = area.shape.representative_point()
    return not countries or any(country.shape.covers(point) for country in countries)


def _parents(
    area: AdministrativeArea, areas: Sequence[AdministrativeArea]
) -> list[AdministrativeArea]:
    """List the units above one, nearest first."""
    point = area.shape.representative_point()
    above = [a for a in areas if a.level is not None and a.level < (area.level or 0)]
    return sorted(
        (a for a in above if a.shape.covers(point)), key=lambda a: a.level or 0, reverse=True
    )


def _row(area: AdministrativeArea, parents: list[AdministrativeArea]) -> dict[str, object]:
    shape = MultiPolygon([area.shape]) if isinstance(area.shape, Polygon) else area.shape
    return {
        "name": area.name,
        "name_en": area.tags.get("name:en"),
        "town_name": parents[0].name if parents else None,
        "county_name": parents[1].name if len(parents) > 1 else None,
        "number": official_number(area.tags),
        "geometry": shape,
    }


def _number_rows(rows: list[dict[str, object]], prefix: str) -> None:
    """Give every row a 12-digit code: county prefix + town + community.

    The community's three digits are the last of its official number where those are unique in
    the town (so that a later import gives the same code), else its place in the town's order.
    """
    if not (prefix.isascii() and prefix.isdigit() and len(prefix) in (6, 9)):
        raise InvalidInput(
            "code prefix {prefix!r}: expected 6 digits (county) or 9 (town)", prefix=prefix
        )
    towns = sorted({str(row["town_name"] or "") for row in rows}) if len(prefix) == 6 else [""]
    for position, town in enumerate(towns, start=1):
        middle = f"{position:03d}" if len(prefix) == 6 else ""
        members = [row for row in rows if not middle or str(row["town_name"] or "") == town]
        for row, sequence in zip(members, _sequences(members), strict=True):
            row["code"] = f"{prefix}{middle}{sequence}"


def _sequences(rows: list[dict[str, object]]) -> list[str]:
    """Give three digits to each row of one town."""
    if len(rows) > 999:
        raise InvalidInput("more than 999 communities in one town; take a county prefix (6 digits)")
    endings = [str(row["number"] or "")[-3:] for row in rows]
    usable = all(e.isascii() and e.isdigit() and len(e) == 3 and int(e) > 0 for e in endings)
    if usable and len(set(endings)) == len(endings):
        return endings
    return [f"{position:03d}" for position in range(1, len(rows) + 1)]


def _notes(
    level: int,
    rows: list[dict[str, object]],
    candidates: Sequence[AdministrativeArea],
    relations: Mapping[int, tuple[int | None, str]],
) -> tuple[str, ...]:
    """Say what was taken and which units were dropped because the extract cuts them."""
    kept = {row["name"] for row in rows}
    named = {name for unit_level, name in relations.values() if unit_level == level and name}
    dropped = sorted((named | {area.name for area in candidates}) - kept)
    notes = [Message("{n} communities of administrative level {level}", n=len(rows), level=level)]
    if dropped:
        notes.append(
            Message(
                "{n} units of level {level} left out because they are cut at the edge of the"
                " extract or lie outside its country: {names}",
                n=len(dropped),
                level=level,
                names=", ".join(dropped),
            )
        )
    return tuple(notes)
