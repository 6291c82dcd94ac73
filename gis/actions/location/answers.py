"""Where records are: what their text says joined with their coordinates and with decisions.

Reads nothing but blocks at points; stores nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.location.given_points import standing_points
from gis.actions.location.locate import place_everywhere
from gis.actions.location.register import LoadedRegister
from gis.address.evidence import EVIDENCE
from gis.address.geocoder import Geocoder
from gis.address.match import RIVAL_MARGIN
from gis.address.normalise import normalise
from gis.geometry.correction import apply_each

CONFLICT_M = 250.0
"""Given coordinates and found address farther apart than this go to review."""

MOST_RIVALS = 50
"""A tie of more places than this is not looked into."""

KEPT_SCORE = 0.9
"""Score of given coordinates that a coarser text agrees with."""

_METRES_PER_DEGREE = 111_320.0


def answer_records(
    session: Session, waiting: pd.DataFrame, register: LoadedRegister
) -> pd.DataFrame:
    """Say where records are; one row per record, in order.

    Parameters
    ----------
    waiting
        ``id, address_text, lon, lat`` (as given, nan where not), and where an import is
        corrected its ``correction``.

    Returns
    -------
    found
        ``id``, the columns of the geocoder, ``community_id``, ``block_id``. Levels and evidence
        also say what coordinates and pins gave.
    """
    texts = waiting["address_text"]
    lon, lat = waiting["lon"].to_numpy(float), waiting["lat"].to_numpy(float)
    if "correction" in waiting:
        lon, lat = apply_each(waiting["correction"], lon, lat)
    given = np.isfinite(lon) & np.isfinite(lat)
    found = _answer_texts(register.geocoder, texts, lon, lat)
    found["id"] = waiting["id"].to_numpy()
    _use_pins(found, texts, register.pins)
    _use_coordinates(found, lon, lat, given & _said_nothing(texts))
    _keep_coordinates(session, found, texts, lon, lat, register.geocoder)
    _flag_conflicts(found, lon, lat, given)
    _settle_ties(session, found, texts, register.geocoder)
    placed = place_everywhere(session, found["lon"].to_numpy(), found["lat"].to_numpy())
    found["community_id"] = placed.community_id
    _flag_outside(found)
    block_id = placed.block_id.copy()
    block_id[(found["status"] != "accepted").to_numpy()] = None
    found["block_id"] = block_id
    return found


def answer_texts(texts: pd.Series, register: LoadedRegister) -> pd.DataFrame:
    """Say where texts are that come without coordinates; one row per text, in order."""
    nowhere = np.full(len(texts), np.nan)
    found = _answer_texts(register.geocoder, texts, nowhere, nowhere)
    _use_pins(found, texts, register.pins)
    return found


def _answer_texts(
    geocoder: Geocoder, texts: pd.Series, lon: np.ndarray, lat: np.ndarray
) -> pd.DataFrame:
    """Geocode; where coordinates are given they settle ties."""
    given = np.isfinite(lon) & np.isfinite(lat)
    pieces = []
    for chosen, near in ((~given, None), (given, np.column_stack([lon, lat])[given])):
        if chosen.any():
            rows = np.flatnonzero(chosen)
            pieces.append(geocoder.geocode(texts.iloc[rows], near).set_axis(rows))
    found = pd.concat(pieces).sort_index() if pieces else geocoder.geocode(texts)
    found["evidence"] = found["evidence"].astype(object).where(found["evidence"].notna(), "")
    for end in ("number_from", "number_to"):
        found[end] = found[end].where(found[end] >= 0).astype("Int64")
    return found.reset_index(drop=True)


def _said_nothing(texts: pd.Series) -> np.ndarray:
    return (texts.fillna("").astype(str).str.strip() == "").to_numpy()


def _use_pins(found: pd.DataFrame, texts: pd.Series, pins: dict[str, tuple[float, float]]) -> None:
    """Answer a text that a person has placed by hand with that point."""
    if not pins:
        return
    spellings = [normalise(t) for t in texts]
    rows = [i for i, spelling in enumerate(spellings) if spelling in pins]
    points = np.array([pins[spellings[i]] for i in rows]).reshape(-1, 2)
    _put(found, np.isin(np.arange(len(found)), rows), points[:, 0], points[:, 1], "pin", "alias")


def _use_coordinates(
    found: pd.DataFrame, lon: np.ndarray, lat: np.ndarray, where: np.ndarray
) -> None:
    """Take the given coordinates where there is no text."""
    _put(found, where, lon[where], lat[where], "coordinates", "coordinates")


def _keep_coordinates(
    session: Session,
    found: pd.DataFrame,
    texts: pd.Series,
    lon: np.ndarray,
    lat: np.ndarray,
    geocoder: Geocoder,
) -> None:
    """Keep the given coordinates where the text says less and does not contradict them."""
    away_m = _away_m(found, lon, lat)
    stand = standing_points(
        session, found, texts, lon, lat, away_m, geocoder, least_reach_m=CONFLICT_M
    )
    said = found.loc[stand, "evidence"]
    _put(found, stand, lon[stand], lat[stand], "coordinates", "coordinates")
    found.loc[stand, "evidence"] = said + ";coordinates_finer"
    found.loc[stand, ["score", "margin"]] = KEPT_SCORE


def _away_m(found: pd.DataFrame, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Give how far the places found lie from the given coordinates; nan without either."""
    return _METRES_PER_DEGREE * np.hypot(
        (found["lon"].to_numpy(float) - lon) * np.cos(np.radians(lat)),
        found["lat"].to_numpy(float) - lat,
    )


def _put(
    found: pd.DataFrame,
    where: np.ndarray,
    lon: np.ndarray,
    lat: np.ndarray,
    level: str,
    evidence: str,
) -> None:
    found.loc[where, "lon"], found.loc[where, "lat"] = lon, lat
    found.loc[where, ["level", "status", "evidence"]] = [level, "accepted", evidence]
    found.loc[where, ["score", "margin"]] = 1.0
    found.loc[where, "n_candidates"], found.loc[where, "error_m"] = 1, np.nan
    found.loc[where, "address_id"] = None


def _flag_conflicts(
    found: pd.DataFrame, lon: np.ndarray, lat: np.ndarray, given: np.ndarray
) -> None:
    """Send to review what lies far from its given coordinates; propose those for a failed text."""
    failed = given & (found["level"] == "none").to_numpy()
    found.loc[failed, "lon"], found.loc[failed, "lat"] = lon[failed], lat[failed]
    found.loc[failed, "status"], found.loc[failed, "level"] = "review", "coordinates"
    found.loc[failed, "score"] = 0.5
    away_m = _away_m(found, lon, lat)
    allowed_m = np.fmax(CONFLICT_M, found["error_m"].to_numpy(float))
    conflict = given & (away_m > allowed_m) & (found["level"] != "pin").to_numpy()
    found.loc[conflict, "status"] = "review"
    found.loc[conflict, "evidence"] += ";far_from_given"


def _flag_outside(found: pd.DataFrame) -> None:
    """Send to review what lies in no community."""
    outside = (found["status"] == "accepted") & pd.isna(found["community_id"])
    found.loc[outside, "status"] = "review"
    found.loc[outside, "evidence"] += ";outside"


# -- ties: whichever is right, the block is the same ---------------------------------------------


def _settle_ties(
    session: Session, found: pd.DataFrame, texts: pd.Series, geocoder: Geocoder
) -> None:
    """Accept what is in doubt only because several places fit, when all lie in one block."""
    tied = [i for i, codes in enumerate(found["evidence"]) if _is_only_tied(codes)]
    rivals = {text: _rivals(geocoder, text) for text in {texts.iloc[i] for i in tied}}
    points = [p for text in rivals for p in rivals[text]]
    if not points:
        return
    lon, lat = np.array(points, dtype=float).T
    blocks = iter(place_everywhere(session, lon, lat).block_id.tolist())
    settled = {text for text, places in rivals.items() if _is_one([next(blocks) for _ in places])}
    rows = [i for i in tied if texts.iloc[i] in settled]
    found.loc[rows, "status"], found.loc[rows, "address_id"] = "accepted", None
    found.loc[rows, "evidence"] += ";same_block"


def _is_only_tied(codes: str) -> bool:
    doubts = {c for c in codes.split(";") if c not in EVIDENCE or EVIDENCE[c].doubt}
    return doubts == {"several_places"}


def _rivals(geocoder: Geocoder, text: str) -> list[tuple[float, float]]:
    """Give the points of all answers about as good as the best; none when there are too many."""
    places = geocoder.candidates(text, MOST_RIVALS + 1)
    places = places[places["score"] >= places["score"].max() - RIVAL_MARGIN]
    if len(places) > MOST_RIVALS or places["lon"].isna().any():
        return []
    return list(zip(places["lon"], places["lat"], strict=True))


def _is_one(blocks: list[int | None]) -> bool:
    return len(set(blocks)) == 1 and None not in blocks
