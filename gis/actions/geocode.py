"""Geocoding: address text and coordinates to a point, its community and its block, or to review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.counts import count_blocks
from gis.actions.location import place_points
from gis.address.geocoder import Geocoder
from gis.domain.access import Scope, require
from gis.store import locations
from gis.store.audit import write_audit

CONFLICT_M = 250.0
"""Given coordinates and found address farther apart than this go to review."""


@dataclass(frozen=True)
class GeocodeOutcome:
    """How geocoding went: counts by status and by level."""

    subject: str
    total: int
    accepted: int
    review: int
    unmatched: int
    by_level: dict[str, int]


def load_geocoder(session: Session) -> Geocoder:
    """Make the geocoder of the stored register, streets and decisions."""
    return Geocoder(
        locations.register_frame(session),
        streets=locations.street_frame(session),
        aliases=locations.alias_map(session),
    )


def locate_register(session: Session, scope: Scope) -> int:
    """Give register entries without a block theirs; returns how many were looked at."""
    waiting = locations.unlocated_addresses(session)
    if waiting.empty:
        return 0
    lon, lat = waiting["lon"].to_numpy(float), waiting["lat"].to_numpy(float)
    placed = place_points(session, scope, lon, lat)
    locations.write_address_blocks(
        session, waiting["id"].to_numpy(), placed.community_id, placed.block_id
    )
    return len(waiting)


def geocode_subject(
    session: Session,
    scope: Scope,
    subject: str,
    *,
    now: datetime,
    everything: bool = False,
    geocoder: Geocoder | None = None,
) -> GeocodeOutcome:
    """Locate households, incidents or places, and count them by block anew.

    Parameters
    ----------
    subject
        ``households``, ``incidents`` or ``places``.
    everything
        Also what was located before; what a person placed by hand always stays.
    geocoder
        Made of the stored register when None.

    Raises
    ------
    NotAllowed
        The person may not import.
    """
    require(scope, "import")
    waiting = locations.waiting(session, subject, everything=everything)
    found = _locate(waiting, geocoder or load_geocoder(session))
    placed = place_points(
        session, scope, found["lon"].to_numpy(float), found["lat"].to_numpy(float)
    )
    found["community_id"] = placed.community_id
    _flag_outside(found)
    found["block_id"] = np.where(found["status"] == "accepted", placed.block_id, None)
    locations.write_locations(session, subject, found, now)
    count_blocks(session, now=now)
    outcome = _outcome(subject, found)
    write_audit(session, scope, f"geocode {subject}", now=now, detail={"rows": outcome.total})
    return outcome


def _locate(waiting: pd.DataFrame, geocoder: Geocoder) -> pd.DataFrame:
    """Join what the text says with what the coordinates say; one row per thing."""
    found = geocoder.geocode(waiting["address_text"])
    found["evidence"] = found["evidence"].astype(object).where(found["evidence"].notna(), "")
    found["id"] = waiting["id"].to_numpy()
    lon, lat = waiting["lon"].to_numpy(float), waiting["lat"].to_numpy(float)
    given = np.isfinite(lon) & np.isfinite(lat)
    _use_coordinates(found, lon, lat, given & _said_nothing(waiting["address_text"]))
    _flag_conflicts(found, lon, lat, given)
    return found


def _flag_outside(found: pd.DataFrame) -> None:
    """Send to review what lies in no community."""
    outside = (found["status"] == "accepted") & pd.isna(found["community_id"])
    found.loc[outside, "status"] = "review"
    found.loc[outside, "evidence"] += ";outside"


def _said_nothing(texts: pd.Series) -> np.ndarray:
    return (texts.fillna("").astype(str).str.strip() == "").to_numpy()


def _use_coordinates(
    found: pd.DataFrame, lon: np.ndarray, lat: np.ndarray, where: np.ndarray
) -> None:
    """Take the given coordinates where there is no text."""
    found.loc[where, "lon"], found.loc[where, "lat"] = lon[where], lat[where]
    found.loc[where, "level"], found.loc[where, "score"] = "coordinates", 1.0
    found.loc[where, "status"], found.loc[where, "evidence"] = "accepted", "coordinates"


def _flag_conflicts(
    found: pd.DataFrame, lon: np.ndarray, lat: np.ndarray, given: np.ndarray
) -> None:
    """Send to review what lies far from its given coordinates; propose those for a failed text."""
    failed = given & (found["level"] == "none").to_numpy()
    found.loc[failed, "lon"], found.loc[failed, "lat"] = lon[failed], lat[failed]
    found.loc[failed, "status"], found.loc[failed, "level"] = "review", "coordinates"
    found.loc[failed, "score"] = 0.5
    scale = 111_320.0
    away = np.hypot(
        (found["lon"].to_numpy(float) - lon) * scale * np.cos(np.radians(lat)),
        (found["lat"].to_numpy(float) - lat) * scale,
    )
    conflict = given & (away > CONFLICT_M)
    found.loc[conflict, "status"] = "review"
    found.loc[conflict, "evidence"] += ";far_from_given"


def _outcome(subject: str, found: pd.DataFrame) -> GeocodeOutcome:
    by_status = found["status"].value_counts()
    return GeocodeOutcome(
        subject=subject,
        total=len(found),
        accepted=int(by_status.get("accepted", 0)),
        review=int(by_status.get("review", 0)),
        unmatched=int(by_status.get("none", 0)),
        by_level={str(k): int(v) for k, v in found["level"].value_counts().items()},
    )
