"""The rungs an address is tried on, from room down to town, and the evidence each step leaves."""

from __future__ import annotations

import numpy as np

from gis.address.address import Address
from gis.address.match import Match, make_match
from gis.address.names import NameIndex, NameMatch, compact
from gis.address.network import StreetNetwork
from gis.address.numbers import UNSURE_GAP_M, NumberLine
from gis.address.register import Register, core_name, distance_m, village_street

TOLERANCE_M = {
    "room": 100.0,
    "unit": 100.0,
    "building": 100.0,
    "number": 200.0,
    "interpolated": 200.0,
    "estate": 400.0,
}
"""Entries of one answer may lie this far apart and still be one place."""

_MOST_PLACES = 8
_SURE_NAME: NameMatch = ("", 1.0, ())


class Ladder:
    """Climbs from a read address to register entries.

    Parameters
    ----------
    register
        The indexed register.
    network
        The streets, or None.
    """

    def __init__(self, register: Register, network: StreetNetwork | None) -> None:
        self.register = register
        self.network = network
        self.streets = NameIndex([*register.street_names, *(network.names if network else ())])
        for alias, name in network.aliases if network else ():
            self.streets.add_alias(alias, name)
        self.estates = NameIndex(register.estate_names)
        self._towns = {t for t, _ in register.places} - {""}
        self._communities = {c for _, c in register.places} - {""}
        self._lines: dict[str, NumberLine] = {}
        self._admin: dict[tuple[str, str, int], tuple[int, tuple[str, ...]]] = {}

    def climb(self, a: Address) -> list[Match]:
        """Give every answer worth showing, in no order; empty when nothing fits."""
        if a.kind == "none":
            return []
        if a.kind == "intersection" and (found := self._at_crossing(a)):
            return found
        found: list[Match] = []
        for key, similarity, codes in self._street_readings(a):
            found += self._on_street(a, key, similarity, codes)
        if a.estate and not _is_settled(a, found):
            for key, similarity, codes in self.estates.resolve(a.estate):
                found += self._in_estate(a, key, similarity, codes)
        return found or self._in_place(a)

    def _street_readings(self, a: Address) -> list[NameMatch]:
        if a.street:
            return self.streets.resolve(a.street)
        if a.number and a.community:
            return [(village_street(a.community, compact(a.estate)), 1.0, ())]
        return []

    # -- on a street ---------------------------------------------------------------------------

    def _on_street(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        codes = a.notes + codes
        if a.number:
            found = self._by_number(a, street, similarity, codes)
            if found:
                return found
        if a.number_from >= 0 and (found := self._near_number(a, street, similarity, codes)):
            return found
        return self._street_itself(a, street, similarity, codes)

    def _by_number(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        groups = self.register.groups
        key = f"{street}|{a.number}"
        if a.building or a.stairwell or a.room:
            for rung, level, tail in _detail_keys(a, key):
                group = groups[f"S.{rung}"].index.get(tail)
                if group is not None and level:
                    return self._from_group(a, f"S.{rung}", level, group, similarity, codes, street)
        group = groups["S.number"].index.get(key)
        if group is None:
            return []
        if a.building or a.stairwell or a.room:
            rows = groups["S.number"].rows_of(group)
            rows, level, missing = self._refine(rows, a, "number")
            more = (f"{level}_exact", *missing, *codes)
            return self._from_rows(a, rows, level, similarity, more, street)
        return self._from_group(a, "S.number", "number", group, similarity, codes, street)

    def _near_number(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        line = self._number_line(street)
        if a.kind == "block":
            rows = line.rows_between(a.number_from, a.number_to)
            more = ("number_range", *codes)
            return self._from_rows(a, rows, "interpolated", similarity, more, street, split=False)
        for rows, code in _kin_of_number(a, line):
            if len(rows):
                more = ("number_exact", code, *codes)
                return self._from_rows(a, rows, "number", similarity, more, street)
        return self._interpolated(a, line, street, similarity, codes)

    def _interpolated(
        self, a: Address, line: NumberLine, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        place = line.interpolate(a.number_from)
        code = "interpolated"
        if place is None and self.network is not None:
            place, code = self.network.locate_number(street, a.number_from), "street_range"
        if place is None:
            return []
        lon, lat, gap_m = place
        limit_m = UNSURE_GAP_M if code == "interpolated" else 2 * UNSURE_GAP_M
        wide = ("wide_gap",) if gap_m > limit_m else ()
        admin = self._admin_of_street(a, street)
        more = (code, *wide, *codes, *admin)
        return [
            make_match("interpolated", lon, lat, -1, more, similarity=similarity, street=street)
        ]

    def _street_itself(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        code = "number_range" if a.kind == "block" else "number_missing"
        if a.number:
            code = "number_unknown"
        admin = self._admin_of_street(a, street)
        more = ("street_only", code, *codes, *admin)
        group = self.register.groups["street"].index.get(street)
        if street.startswith("@"):
            return []
        if self.network is not None and street in self.network:
            lon, lat, _ = self.network.middle(street)
        elif group is not None:
            groups = self.register.groups["street"]
            lon, lat = groups.lon[group], groups.lat[group]
        else:
            return []
        return [make_match("street", lon, lat, -1, more, similarity=similarity, street=street)]

    def _number_line(self, street: str) -> NumberLine:
        line = self._lines.get(street)
        if line is None:
            groups = self.register.groups["street"]
            group = groups.index.get(street)
            rows = np.empty(0, np.int64) if group is None else groups.rows_of(group)
            line = self._lines[street] = NumberLine(self.register, rows)
        return line

    # -- crossings -----------------------------------------------------------------------------

    def _at_crossing(self, a: Address) -> list[Match]:
        if self.network is None:
            return []
        found: list[Match] = []
        for first, likeness_a, codes_a in self.streets.resolve(a.street):
            for second, likeness_b, codes_b in self.streets.resolve(a.cross_street):
                if first == second or first not in self.network or second not in self.network:
                    continue
                points, is_node = self.network.meetings(first, second)
                code = "intersection_exact" if is_node else "streets_close"
                codes = (code, *dict.fromkeys(codes_a + codes_b), *a.notes)
                found += [
                    make_match(
                        "intersection", lon, lat, -1, codes,
                        similarity=likeness_a * likeness_b, street=first,
                    )
                    for lon, lat in points
                ]  # fmt: skip
        return [_without_weak_doubt(m) for m in found] or self._crossing_unknown(a)

    def _crossing_unknown(self, a: Address) -> list[Match]:
        known = bool(self.streets.resolve(a.cross_street))
        code = "streets_apart" if known else "cross_street_unknown"
        found: list[Match] = []
        for key, similarity, codes in self.streets.resolve(a.street):
            found += self._street_itself(a, key, similarity, (code, *codes, *a.notes))
        return found

    # -- in an estate, community or town ---------------------------------------------------------

    def _in_estate(
        self, a: Address, estate: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        groups = self.register.groups
        codes = a.notes + codes + (("number_unknown",) if a.street and a.number else ())
        for rung, level, tail in _detail_keys(a, estate):
            group = groups[f"E.{rung}"].index.get(tail)
            if group is not None:
                return self._from_group(a, f"E.{rung}", level, group, similarity, codes, "")
        group = groups["E.estate"].index.get(estate)
        if group is None:
            return []
        rows, level, missing = self._refine(groups["E.estate"].rows_of(group), a, "estate")
        more = (f"{level}_exact", *missing, *codes)
        return self._from_rows(a, rows, level, similarity, more, "", split=level != "estate")

    def _in_place(self, a: Address) -> list[Match]:
        """Fall back to the community, then the town, by their full or bare names."""
        for level, name in (("community", a.community), ("town", a.town)):
            groups = self.register.groups[level]
            group = groups.index.get(name) if name else None
            if group is None:
                continue
            unknown = ("number_unknown",) if a.street or a.number or a.estate else ()
            codes = (f"{level}_only", *unknown, *a.notes)
            rows = groups.rows_of(group)
            return self._from_rows(a, rows, level, 1.0, codes, "", split=False)
        return []

    def _refine(
        self, rows: np.ndarray, a: Address, level: str
    ) -> tuple[np.ndarray, str, tuple[str, ...]]:
        """Narrow rows by number, building, stairwell, room, as far as the register knows them."""
        wanted = [("building", "building"), ("stairwell", "unit"), ("room", "room")]
        if level == "estate" and not a.street:
            wanted.insert(0, ("number", "number"))
        for part, finer in wanted:
            value = getattr(a, part)
            if not value:
                continue
            hits = rows[self.register.parts[part][rows] == value]
            if not len(hits) or (finer == "room" and len(hits) > 1):
                return rows, level, ("detail_unknown",)
            rows, level = hits, finer
        return rows, level, ()

    # -- groups of rows to matches ---------------------------------------------------------------

    def _from_group(
        self,
        a: Address,
        rung: str,
        level: str,
        group: int,
        similarity: float,
        codes: tuple[str, ...],
        street: str,
    ) -> list[Match]:
        """Make the match of a group, or one for each place where its rows lie apart."""
        groups = self.register.groups[rung]
        place = groups.place[group]
        codes = (f"{level}_exact", *codes)
        if place >= 0 and not groups.spread_m[group] > TOLERANCE_M[level]:
            more = codes + self._admin_evidence(a, place)[1]
            own, lon, lat = groups.own_row[group], groups.lon[group], groups.lat[group]
            return [make_match(level, lon, lat, own, more, similarity=similarity, street=street)]
        return self._from_rows(a, groups.rows_of(group), level, similarity, codes, street)

    def _from_rows(
        self,
        a: Address,
        rows: np.ndarray,
        level: str,
        similarity: float,
        codes: tuple[str, ...],
        street: str,
        *,
        split: bool = True,
    ) -> list[Match]:
        """Make matches of rows: those whose place agrees best, one for each separate place."""
        if not len(rows):
            return []
        best, agreeing = self._best_places(a, rows)
        tolerance = TOLERANCE_M.get(level, np.inf)
        parts = self._clusters(agreeing, tolerance if split else np.inf)
        spread = ("spread_out",) if len(parts) > _MOST_PLACES else ()
        if spread:
            parts = [agreeing]
        found = []
        for part in parts:
            lon, lat, extent_m = self._middle(part)
            wide = ("spread_out",) if not spread and extent_m > tolerance else spread
            own = int(part[0]) if len(part) == 1 or level in ("room", "number") else -1
            more = (*codes, *wide, *best)
            found.append(
                make_match(level, lon, lat, own, more, similarity=similarity, street=street)
            )
        return found

    def _best_places(self, a: Address, rows: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        codes = self.register.place_code[rows]
        judged = {int(p): self._admin_evidence(a, int(p)) for p in np.unique(codes)}
        best = min(rank for rank, _ in judged.values())
        kept = [p for p, (rank, _) in judged.items() if rank == best]
        return judged[kept[0]][1], rows[np.isin(codes, kept)]

    def _clusters(self, rows: np.ndarray, tolerance_m: float) -> list[np.ndarray]:
        """Split rows into places farther apart than the tolerance; rows without position last."""
        if tolerance_m == np.inf:
            return [rows]
        lon, lat = self.register.lon, self.register.lat
        clusters: list[list[int]] = []
        for row in rows[np.argsort(~np.isfinite(lon[rows]), kind="stable")][:500].tolist():
            home = next(
                (
                    c
                    for c in clusters
                    if not distance_m(lon[c[0]], lat[c[0]], lon[row], lat[row]) > tolerance_m
                ),
                None,
            )
            if home is None:
                clusters.append([row])
            else:
                home.append(row)
        return [np.array(c) for c in clusters]

    def _middle(self, rows: np.ndarray) -> tuple[float, float, float]:
        lon, lat = self.register.lon[rows], self.register.lat[rows]
        known = np.isfinite(lon) & np.isfinite(lat)
        if not known.any():
            return float("nan"), float("nan"), 0.0
        lon, lat = lon[known], lat[known]
        extent_m = distance_m(lon.min(), lat.min(), lon.max(), lat.max())
        return float(lon.mean()), float(lat.mean()), extent_m

    # -- administrative evidence -----------------------------------------------------------------

    def _admin_of_street(self, a: Address, street: str) -> tuple[str, ...]:
        groups = self.register.groups["street"]
        group = groups.index.get(street)
        if group is None:
            return ("admin_unchecked",) if a.town or a.community else ("no_admin",)
        return self._best_places(a, groups.rows_of(group))[0]

    def _admin_evidence(self, a: Address, place: int) -> tuple[int, tuple[str, ...]]:
        """Compare town and community as written with those of a place: 0 agrees .. 3 differs."""
        key = (a.town, a.community, place)
        found = self._admin.get(key)
        if found is None:
            found = self._admin[key] = self._compare_admin(*key)
        return found

    def _compare_admin(self, town: str, community: str, place: int) -> tuple[int, tuple[str, ...]]:
        if not town and not community:
            return 1, ("no_admin",)
        here_town, here_community = self.register.places[place]
        town_code = _compared("town", core_name(town), here_town, self._towns)
        community_code = _compared(
            "community", core_name(community), here_community, self._communities
        )
        codes = tuple(c for c in (community_code, town_code) if c)
        if any(c.endswith("differs") for c in codes):
            return 3, codes
        agrees = tuple(c for c in codes if c.endswith("agrees"))
        return (0, agrees) if agrees else (2, ("admin_unchecked",))


def _compared(part: str, written: str, here: str, known: set[str]) -> str:
    if not written:
        return ""
    if written == here:
        return f"{part}_agrees"
    return f"{part}_differs" if here and written in known else "admin_unchecked"


def _detail_keys(a: Address, key: str) -> list[tuple[str, str, str]]:
    """Give rung, level and key for each depth the address has, deepest first."""
    keys = []
    if a.room:
        keys.append(("room", "room", f"{key}|{a.building}|{a.stairwell}|{a.room}"))
    elif a.stairwell:
        keys.append(("unit", "unit", f"{key}|{a.building}|{a.stairwell}"))
    elif a.building:
        keys.append(("building", "building", f"{key}|{a.building}"))
    return keys


def _kin_of_number(a: Address, line: NumberLine) -> list[tuple[np.ndarray, str]]:
    """Give rows of the same number with another suffix, or of one end of a range."""
    is_plain = a.number == str(a.number_from)
    kin = [(line.rows_with(a.number_from), "suffix_added" if is_plain else "suffix_dropped")]
    kin.append((line.rows_over(a.number_from), "range_end"))
    if a.number_to > a.number_from:
        kin[0] = (kin[0][0], "range_end")
        kin.append((line.rows_with(a.number_to), "range_end"))
    return kin


def _is_settled(a: Address, found: list[Match]) -> bool:
    """Whether the street gave all the detail the address has."""
    if not found:
        return False
    wants_detail = bool(a.building or a.stairwell or a.room)
    if any("detail_unknown" in m.codes for m in found) and wants_detail:
        return False
    return any(m.level not in ("street", "community", "town") for m in found)


def _without_weak_doubt(match: Match) -> Match:
    """Two streets that meet confirm one another: a name that only resembles is then sure enough."""
    if "name_unsure" not in match.codes:
        return match
    codes = tuple("name_fuzzy" if c == "name_unsure" else c for c in match.codes)
    return match._replace(codes=codes)
