"""Incidents over some months: a background by people and season, and planted hotspots.

Pure. The hotspots are returned as truth, to judge what the statistics find.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.geometry.local_plane import METRES_PER_DEGREE
from gis.synthetic.reported import (
    INCIDENT_HABITS,
    ReportingHabits,
    report_places,
)
from gis.synthetic.stories import STORIES
from gis.synthetic.town import LON_LAT, make_frame


@dataclass(frozen=True)
class Rhythm:
    """How often a topic happens and when.

    Parameters
    ----------
    yearly_per_1000
        Incidents a year per 1,000 people.
    peak_month
        Month with the most, 1 to 12.
    swing
        0 for the same all year, 1 for none in the opposite month.
    peak_hour
        Hour of day around which they happen.
    """

    yearly_per_1000: float
    peak_month: int
    swing: float
    peak_hour: int


RHYTHMS: dict[str, Rhythm] = {
    "rubbish": Rhythm(7.0, 8, 0.35, 9),
    "noise": Rhythm(6.5, 7, 0.55, 22),
    "flooding": Rhythm(2.0, 6, 0.95, 16),
    "road_damage": Rhythm(3.5, 3, 0.45, 11),
    "street_lighting": Rhythm(3.0, 12, 0.50, 19),
    "illegal_parking": Rhythm(5.0, 9, 0.10, 17),
    "street_vending": Rhythm(3.0, 5, 0.30, 18),
    "illegal_building": Rhythm(1.5, 4, 0.30, 10),
    "fire_hazard": Rhythm(2.2, 1, 0.60, 15),
    "traffic": Rhythm(4.0, 11, 0.25, 18),
    "theft": Rhythm(4.5, 12, 0.25, 2),
    "neighbour_dispute": Rhythm(2.5, 2, 0.30, 20),
    "domestic_dispute": Rhythm(1.5, 2, 0.35, 21),
}
"""Rhythm of each topic; invented, not measured anywhere."""

HOTSPOT_COLUMNS = (
    "hotspot",
    "topic",
    "first_month",
    "last_month",
    "radius_m",
    "n_incidents",
    "lon",
    "lat",
)


@dataclass(frozen=True)
class Doors:
    """Places where something can happen, weighted by the people there.

    Parameters
    ----------
    lon, lat
        (n,) coordinates, EPSG:4326.
    text
        (n,) clean address of each.
    people
        (n,) people living there.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    text: NDArray[np.object_]
    people: NDArray[np.float64]

    def distance_m(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Give the distance of every door from a place, in metres (flat, for short ways)."""
        dx = (self.lon - lon) * np.cos(np.radians(lat))
        return np.hypot(dx, self.lat - lat) * METRES_PER_DEGREE


@dataclass(frozen=True)
class _Events:
    """Topic, month, door and hotspot of each incident, unsorted."""

    topic: NDArray[np.object_]
    month: NDArray[np.int64]
    door: NDArray[np.int64]
    hotspot: NDArray[np.int64]


def month_starts(until: date, n_months: int) -> NDArray[np.datetime64]:
    """List the first days of the whole months before a day.

    Examples
    --------
    >>> month_starts(date(2026, 1, 1), 2).astype(str).tolist()
    ['2025-11', '2025-12']
    """
    end = np.datetime64(until, "M")
    return np.arange(end - n_months, end)


def make_incidents(
    doors: Doors,
    rng: Generator,
    *,
    until: date,
    n_months: int,
    n_hotspots: int,
    script: str,
    prefix: str,
    habits: ReportingHabits = INCIDENT_HABITS,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.DataFrame]:
    """Invent incidents at doors over the months before a day.

    Parameters
    ----------
    doors
        Where they happen.
    until
        First day after the period; the months before its month are filled.
    n_hotspots
        Number of planted hotspots.
    script
        ``zh`` or ``western``: language of descriptions and kind of address noise.
    prefix
        Beginning of the incident numbers.

    Returns
    -------
    incidents
        Frame of kind ``incidents`` in the order of time.
    hotspots
        The planted ones, as `gis.synthetic.town.Truth` says.
    truth
        ``number, lon, lat, address_text, noise, hotspot`` of each incident.
    """
    months = month_starts(until, n_months)
    events, hotspots = _with_hotspots(
        _background(doors, months, rng), doors, months, n_hotspots, rng
    )
    when = _times(events, months, rng)
    order = np.argsort(when, kind="stable")
    topic, door, when = events.topic[order], events.door[order], when[order]
    reported = report_places(
        doors.lon[door], doors.lat[door], doors.text[door], rng, habits=habits, script=script
    )
    number = np.array([f"{prefix}{k:06d}" for k in range(1, len(order) + 1)], dtype=object)
    incidents = make_frame(
        "incidents",
        {
            "number": number,
            "topic": topic,
            "occurred_at": when,
            "closed_at": _closing_times(when, until),
            "description": _describe(topic, rng, script),
            "address_text": reported.address_text,
            "lon": reported.lon,
            "lat": reported.lat,
            "synthetic": np.full(len(number), "true", dtype=object),
        },
        reported.points(),
    )
    truth = pd.DataFrame(
        {
            "number": number,
            "lon": doors.lon[door],
            "lat": doors.lat[door],
            "address_text": doors.text[door],
            "noise": reported.noise,
            "hotspot": events.hotspot[order],
        }
    )
    return incidents, hotspots, truth


def _closing_times(when: NDArray[np.datetime64], until: date) -> NDArray[np.datetime64]:
    """Close incidents after 1 to 30 days; those not yet due stay open, and one in 40 is left."""
    nth = np.arange(len(when))
    closed = when + (1 + nth * 7 % 30).astype("timedelta64[D]")
    closed[(closed >= np.datetime64(until)) | (nth % 40 == 39)] = np.datetime64("NaT")
    return closed


def _seasons(rhythm: Rhythm, months: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Share of a usual month that each month gets."""
    of_year = months.astype(int) % 12 + 1
    return 1 + rhythm.swing * np.cos((of_year - rhythm.peak_month) * np.pi / 6)


def _background(doors: Doors, months: NDArray[np.datetime64], rng: Generator) -> _Events:
    """Draw Poisson counts by topic and month, and a door by people for each."""
    total = doors.people.sum()
    topics, at = [], []
    for topic, rhythm in RHYTHMS.items():
        usual = rhythm.yearly_per_1000 * total / 12_000
        counts = rng.poisson(usual * _seasons(rhythm, months))
        topics.append(np.full(counts.sum(), topic, dtype=object))
        at.append(np.repeat(np.arange(len(months)), counts))
    month = np.concatenate(at)
    chance = np.cumsum(doors.people) / total
    door = np.minimum(np.searchsorted(chance, rng.random(len(month))), len(chance) - 1)
    return _Events(np.concatenate(topics), month, door, np.full(len(month), -1))


def _with_hotspots(
    events: _Events,
    doors: Doors,
    months: NDArray[np.datetime64],
    n_hotspots: int,
    rng: Generator,
) -> tuple[_Events, gpd.GeoDataFrame]:
    """Add the incidents of planted hotspots, and tell what was planted."""
    parts, rows = [events], []
    centres = _far_apart(doors, n_hotspots, rng)
    topics = rng.permutation(np.array(list(RHYTHMS), dtype=object))
    for k, centre in enumerate(centres):
        extra, row = _plant(k, int(centre), str(topics[k % len(topics)]), doors, months, rng)
        parts.append(extra)
        rows.append(row)
    joined = _Events(
        *(np.concatenate([getattr(p, f) for p in parts]) for f in _Events.__dataclass_fields__)
    )
    frame = pd.DataFrame(rows, columns=HOTSPOT_COLUMNS)
    points = shapely.points(frame["lon"].astype(float), frame["lat"].astype(float))
    return joined, gpd.GeoDataFrame(frame, geometry=points, crs=LON_LAT)


def _far_apart(doors: Doors, n: int, rng: Generator, apart_m: float = 700.0) -> list[int]:
    """Choose doors that lie far from one another, likelier where people live."""
    out: list[int] = []
    free = doors.people.astype(float).copy()
    while len(out) < n and free.sum() > 0:
        door = int(rng.choice(len(free), p=free / free.sum()))
        out.append(door)
        free[doors.distance_m(doors.lon[door], doors.lat[door]) < apart_m] = 0
    return out


def _plant(
    k: int,
    centre: int,
    topic: str,
    doors: Doors,
    months: NDArray[np.datetime64],
    rng: Generator,
) -> tuple[_Events, tuple[object, ...]]:
    """Plant one hotspot: all the time, only lately, or only early on, in turn."""
    lon, lat = doors.lon[centre], doors.lat[centre]
    radius_m = float(np.round(rng.uniform(120, 220)))
    near = np.flatnonzero(doors.distance_m(lon, lat) <= radius_m)
    n_months = len(months)
    first, last = ((0, n_months), (n_months * 2 // 3, n_months), (0, n_months // 2))[k % 3]
    usual = RHYTHMS[topic].yearly_per_1000 * doors.people[near].sum() / 12_000 * (last - first)
    n = int(max(30, round(usual * rng.uniform(4, 7))))
    season = _seasons(RHYTHMS[topic], months[first:last]) + 0.15
    month = rng.choice(np.arange(first, last), size=n, p=season / season.sum())
    door = rng.choice(near, size=n)
    events = _Events(np.full(n, topic, dtype=object), month, door, np.full(n, k))
    span = (str(months[first]), str(months[last - 1]))
    return events, (k, topic, *span, radius_m, n, float(lon), float(lat))


def _times(
    events: _Events, months: NDArray[np.datetime64], rng: Generator
) -> NDArray[np.datetime64]:
    """Draw day and minute inside the month, around the hour of the topic."""
    start = months[events.month].astype("datetime64[D]")
    days = (months[events.month] + 1).astype("datetime64[D]") - start
    n = len(start)
    day = start + np.floor(rng.random(n) * days.astype(int)).astype("timedelta64[D]")
    hour = np.array([RHYTHMS[t].peak_hour for t in events.topic])
    minute = np.round((hour * 60 + rng.normal(0, 150, n)) % 1440) % 1440
    return day.astype("datetime64[s]") + minute.astype("timedelta64[m]")


def _describe(topic: NDArray[np.object_], rng: Generator, script: str) -> NDArray[np.object_]:
    """Choose a sentence for each incident."""
    draw = rng.random(len(topic))
    told = STORIES["zh" if script == "zh" else "en"]
    return np.array(
        [told[t][int(d * len(told[t]))] for t, d in zip(topic, draw, strict=True)], dtype=object
    )
