"""The rules for records that need the database, asked before anything is stored.

Which of them hold for a kind it says itself (`gis.domain.kinds`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.area.community_locator import communities_of
from gis.actions.provenance.addresses import compose_text
from gis.domain.access import Scope
from gis.domain.kinds import ADDRESS_PARTS, KINDS
from gis.domain.local_time import moment_of
from gis.domain.topic import MOST_LETTERS, nearest_word, word_key
from gis.errors import CommandHint, Defect, Message
from gis.store.area.platform import read_time_zone
from gis.store.casework.topics import meanings
from gis.store.provenance import records

CLOCK = "%Y-%m-%d %H:%M:%S"


def check_records(
    session: Session, scope: Scope, kind: str, frame: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Defect]]:
    """Give the rows that can be stored, completed, and what is wrong with the others."""
    frame, defects = _on_platform_clocks(frame, kind, read_time_zone(session)), []
    for name in KINDS[kind].checks:
        frame, found = CHECKS[name](session, frame, file)
        defects += found
    return frame, defects


def _find_communities(
    session: Session, frame: gpd.GeoDataFrame, file: str
) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    """Add the community that each shape lies in."""
    return frame.assign(community_id=communities_of(session, frame.geometry)), []


def _on_platform_clocks(frame: pd.DataFrame, kind: str, zone: ZoneInfo) -> pd.DataFrame:
    """Make moments of the times of day: without a zone they are what the platform's clocks show."""
    times = [f.name for f in KINDS[kind].fields if f.type == "datetime" and f.name in frame]
    moments = {
        name: [None if pd.isna(t) else moment_of(t, zone) for t in frame[name]] for name in times
    }
    return frame.assign(
        **{n: pd.Series(m, index=frame.index, dtype=object) for n, m in moments.items()}
    )


def _complete_addresses(
    session: Session, frame: gpd.GeoDataFrame, file: str
) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    """Add text from the parts and points from lon/lat; refuse rows that have neither."""
    given = [p for p in ADDRESS_PARTS if p in frame]
    composed = [compose_text(dict(zip(given, row, strict=True))) for row in frame[given].to_numpy()]
    text = frame["text"].where(frame["text"].notna(), pd.Series(composed, index=frame.index))
    points = np.array(shapely.point_on_surface(np.array(frame.geometry, dtype=object)))
    lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
    use = shapely.is_missing(points) & np.isfinite(lon) & np.isfinite(lat)
    points[use] = shapely.points(lon[use], lat[use])
    frame = frame.assign(
        text=text, community_id=communities_of(session, points), block_id=None
    ).set_geometry(gpd.GeoSeries(points, index=frame.index, crs=frame.crs))
    empty = (text.fillna("").str.strip() == "").to_numpy()
    return frame[~empty], [
        Defect("neither a text nor any part of an address", file=file, row=int(r), code="empty")
        for r in frame.index[empty]
    ]


def _refused(
    rows: pd.Index, file: str, field: str, code: str, say: Callable[[int], str]
) -> list[Defect]:
    """Write a defect of one field for each of some rows; ``say`` words it."""
    return [Defect(say(r), file=file, row=int(r), field=field, code=code) for r in rows]


def _refuse_unknown_topics(
    session: Session, frame: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Defect]]:
    """Translate categories to topics; one defect for each that means none yet, with its rows."""
    words = meanings(session)
    known = words.codes
    codes = frame["topic"].map(lambda word: known.get(word_key(str(word))))
    bad = codes.isna()
    rows = frame.index[bad].to_series().groupby(frame["topic"][bad].map(str), sort=False)
    since = pd.to_datetime(codes.map(words.retired), utc=True)
    late = since.notna() & (pd.to_datetime(frame["occurred_at"], utc=True) >= since)
    unknown = [
        Defect(
            _unknown_topic(category, len(places), known),
            file=file,
            row=int(places.iloc[0]),
            field="topic",
            code="unknown_topic",
        )
        for category, places in rows
    ]
    retired = [_retired_topic(codes[row], words.retired, file, row) for row in frame.index[late]]
    return frame.assign(topic=codes)[~bad & ~late], [*unknown, *retired]


def _retired_topic(code: str, retired: dict, file: str, row: Hashable) -> Defect:
    said = Message(
        "topic {code} is retired since {day}; give another topic, or take it into use again",
        code=code,
        day=retired[code].date(),
    )
    return Defect(said, file=file, row=int(str(row)), field="topic", code="retired_topic")


def _unknown_topic(category: str, n_rows: int, known: dict[str, str]) -> Message:
    near = nearest_word(word_key(category), known)
    return Message(
        "“{category}” (rows: {n:,}) means no topic that is known; the nearest is {near}; say which"
        " it means, or make it a new topic{hint}",
        category=category[:MOST_LETTERS],
        n=n_rows,
        near=f"{known[near]} ({near})" if near else "–",
        hint=CommandHint(
            f"--topic '{category}={known[near] if near else 'TOPIC'}', or"
            f" --new-topic 'CODE={category}'"
        ),
    )


def _refuse_early_closing(
    session: Session, frame: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Defect]]:
    """Refuse incidents closed before they occurred."""
    pairs = zip(frame["closed_at"], frame["occurred_at"], strict=True)
    bad = pd.Series([closed is not None and closed < at for closed, at in pairs], frame.index, bool)
    return frame[~bad], _refused(
        frame.index[bad],
        file,
        "closed_at",
        "closed_too_early",
        lambda r: (
            f"closed {frame['closed_at'][r]:{CLOCK}}, before it occurred"
            f" {frame['occurred_at'][r]:{CLOCK}}; expected a later time,"
            " or nothing while it is open"
        ),
    )


def _find_households(
    session: Session, frame: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Defect]]:
    """Add the household of each row; None where it has not come, which the resident waits for."""
    found = frame["household_number"].map(records.ids_by_name(session, "households")).astype(object)
    return frame.assign(household_id=found.where(found.notna(), None)), []


Check = Callable[[Session, pd.DataFrame, str], tuple[pd.DataFrame, list[Defect]]]

CHECKS: dict[str, Check] = {
    "lies_in_community": _find_communities,
    "has_address": _complete_addresses,
    "topic_is_known": _refuse_unknown_topics,
    "closed_after_it_occurred": _refuse_early_closing,
    "has_household": _find_households,
}
"""What a kind may ask for beside its fields: each completes rows of a file, or refuses them."""
