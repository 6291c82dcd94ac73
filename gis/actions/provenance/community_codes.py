"""Communities of a file that have no code: known again by name, or offered free numbers.

A number is a name for good, so nothing is numbered unless a person takes what is proposed. What
was stored before is the same community again: by its name within its town, and where several have
one name or no town is told, by the ground they share.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.domain.codes import TOWN_DIGITS, free_community_codes
from gis.errors import CommandHint, Defect, Message
from gis.geometry.crs import metric_crs_of
from gis.geometry.numbering import reading_order
from gis.store.area import divisions


@dataclass(frozen=True)
class Numbered:
    """Communities with codes, and what was found about those that came without.

    Parameters
    ----------
    frame
        The rows that have codes now, in the order of the file.
    defects
        Codes that are proposed and not taken yet, and rows that no code can be found for.
    notes
        Which codes were given.
    """

    frame: gpd.GeoDataFrame
    defects: list[Defect]
    notes: tuple[Message, ...]


def number_communities(
    session: Session, frame: gpd.GeoDataFrame, file: str, *, prefix: str | None, accept: bool
) -> Numbered:
    """Give codes to communities of a file that have none.

    Parameters
    ----------
    prefix
        Nine digits of county and town for new ones; None: the town that other communities of the
        same town name are in, or else the only town there is.
    accept
        New numbers are taken; otherwise each is proposed in a defect of its row, which has the
        proposed code in `Numbered.frame` all the same.
    """
    without = frame["code"].isna().to_numpy()
    if not without.any():
        return Numbered(frame, [], ())
    stored = divisions.community_records(session)
    prefix = prefix if prefix and len(prefix) == TOWN_DIGITS else None
    codes = frame["code"].astype(object).to_numpy(copy=True)
    free = stored[~stored["code"].isin(frame["code"].dropna())].reset_index(drop=True)
    for row, other in _known_again(frame[without], free, prefix):
        codes[np.flatnonzero(without)[row]] = free["code"].iloc[other]
    new = np.flatnonzero(pd.isna(codes))
    towns = [_town_of(frame.iloc[r], frame, stored, prefix) for r in new]
    used = {*divisions.codes_ever_given(session), *frame["code"].dropna()}
    codes[new] = _numbers(frame.iloc[new], towns, used)
    defects, notes = [], []
    for row in new.tolist():
        said = _told(str(frame["name"].iloc[row]), codes[row], accept=accept)
        if accept and codes[row] is not None:
            notes.append(said)
        else:
            number = int(frame.index[row])
            defects.append(Defect(said, file, None, number, "code", "no_code"))
    numbered = frame.assign(code=pd.Series(codes, index=frame.index, dtype=object))
    return Numbered(numbered[numbered["code"].notna()], defects, tuple(notes))


def _known_again(
    rows: gpd.GeoDataFrame, stored: gpd.GeoDataFrame, prefix: str | None
) -> list[tuple[int, int]]:
    """Pair rows with the stored communities that they are, those that share most ground first."""
    pairs = []
    for row, (name, town, shape) in enumerate(
        zip(rows["name"], rows["town_name"], rows.geometry, strict=True)
    ):
        for other in np.flatnonzero(stored["name"].map(_folded) == _folded(name)).tolist():
            is_told = not pd.isna(town) or prefix is not None
            if is_told and not _same_town(town, prefix, stored.iloc[other]):
                continue
            ground = shapely.area(_common(shape, stored.geometry.iloc[other]))
            if ground > 0 or is_told:
                pairs.append((-ground, row, other))
    taken_rows, taken, found = set(), set(), []
    for _, row, other in sorted(pairs):
        if row not in taken_rows and other not in taken:
            taken_rows.add(row)
            taken.add(other)
            found.append((row, other))
    return found


def _same_town(town: object, prefix: str | None, stored: pd.Series) -> bool:
    if prefix is not None and not stored["code"].startswith(prefix):
        return False
    return pd.isna(town) or _folded(town) == _folded(stored["town_name"])


def _common(shape: object, other: object) -> shapely.Geometry:
    if shape is None or other is None:
        return shapely.Polygon()
    return shapely.intersection(shape, other)


def _town_of(
    row: pd.Series, frame: gpd.GeoDataFrame, stored: gpd.GeoDataFrame, prefix: str | None
) -> str | None:
    """Give the nine digits of the town that a new community is in; None when nothing says it."""
    if prefix is not None:
        return prefix
    columns = ["code", "town_name"]
    coded = frame.loc[frame["code"].notna(), columns]
    if not pd.isna(row["town_name"]):
        known = pd.concat([pd.DataFrame(coded), pd.DataFrame(stored[columns])])
        known = known[known["town_name"].map(_folded) == _folded(row["town_name"])]
        return _only_town(known)
    return _only_town(coded) if len(coded) else _only_town(stored)


def _only_town(known: pd.DataFrame) -> str | None:
    towns = set(known["code"].str[:TOWN_DIGITS])
    return towns.pop() if len(towns) == 1 else None


def _numbers(rows: gpd.GeoDataFrame, towns: list[str | None], used: set[str]) -> list[str | None]:
    """Give free codes within each town, by rows from the north and each from the west."""
    metric = rows.to_crs(metric_crs_of(rows)) if len(rows) else rows
    place = reading_order(np.asarray(metric.geometry.array, dtype=object))
    codes: list[str | None] = [None] * len(rows)
    for town in {t for t in towns if t is not None}:
        own = [r for r in np.argsort(place).tolist() if towns[r] == town]
        for row, code in zip(own, free_community_codes(town, used), strict=False):
            codes[row] = code
    return codes


def _told(name: str, code: str | None, *, accept: bool) -> Message:
    if code is None:
        return Message(
            "{community} has no code, and no town with a free number is known for it; write the "
            "code, or the name of a town that is known, or give the nine digits of county and "
            "town{hint}",
            community=name,
            hint=CommandHint("--code-prefix"),
        )
    if accept:
        return Message(
            "{community} had no code and gets {code}, the next free one of its town",
            community=name,
            code=code,
        )
    return Message(
        "{community} has no code; {code} is free in its town: accept the proposed codes{hint}, "
        "or write the right ones in the file or say which column has them{column}",
        community=name,
        code=code,
        hint=CommandHint("--number-communities"),
        column=CommandHint("--map code=COLUMN"),
    )


def _folded(name: object) -> str:
    """Give what two spellings of one name have in common; nothing for a missing one."""
    if pd.isna(name):
        return ""
    return " ".join(unicodedata.normalize("NFKC", str(name)).casefold().split())
