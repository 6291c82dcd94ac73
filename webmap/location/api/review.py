"""The review desk's interface: what waits, candidates, decisions, undo."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _

from gis.actions.location import review
from gis.actions.location.candidates import find_candidates, find_ties
from gis.actions.location.review_reading import read_waiting, record_desk
from gis.address.evidence import explain
from gis.address.parse import read_addresses
from gis.errors import InvalidInput
from gis.store.location.review import MODELS, Filters, ListPlace, get_subject
from webmap.shell.access import allowed
from webmap.shell.bodies import json_body, text_of, whole_number
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.language import current_language
from webmap.shell.presentation import moment
from webmap.shell.session import current_scope, current_work

blueprint = Blueprint("review_api", __name__, url_prefix="/api/v1/review")

PAGE = 100


@dataclass(frozen=True)
class WaitingRecord:
    """A record that waits for a person to say where it is.

    Parameters
    ----------
    when
        Of an incident, as a person reads it.
    reason
        Why it waits, in words.
    n_same
        Records that wait with the same text.
    margin
        By how much the first candidate is better than the second.
    lon, lat
        Where it is now, degrees, WGS84.
    given
        Where its file says it is: lon, lat.
    """

    subject: str
    id: UUID
    title: str | None
    when: str | None
    text: str | None
    status: str
    level: str | None
    score: float | None
    reason: str | None
    community: str | None
    n_same: int
    n_candidates: int | None
    margin: float | None
    lon: float | None
    lat: float | None
    given: tuple[float, float] | None


@dataclass(frozen=True)
class WaitingPage:
    """A page of what waits; `next` asks for the one that follows, null at the end."""

    total: int
    rows: list[WaitingRecord]
    next: str | None


@dataclass(frozen=True)
class CandidatePlace:
    """A place that a record may be at.

    Parameters
    ----------
    address_id
        Accepts it; null for what is no address of the register.
    reason
        What fits and what does not, in words.
    """

    address_id: int | None
    label: str
    lon: float | None
    lat: float | None
    level: str
    score: float
    reason: str


@dataclass(frozen=True)
class Candidates:
    """The best few places for a record.

    Parameters
    ----------
    read
        The parts that were read in its text: what it is, and what stands there.
    """

    candidates: list[CandidatePlace]
    read: list[tuple[str, str]]


@dataclass(frozen=True)
class Decided:
    """The number of a decision, for undoing."""

    decision: int


@dataclass(frozen=True)
class TiedRecord:
    """A record whose best candidates all lie in one block, and the first of these."""

    subject: str
    id: UUID
    text: str
    address_id: int
    label: str


@dataclass(frozen=True)
class Ties:
    """Records whose best candidates all lie in one block."""

    ties: list[TiedRecord]


@dataclass(frozen=True)
class DecidedAll:
    """The numbers of the decisions, for undoing."""

    decisions: list[int]


@blueprint.get("/waiting")
@allowed("review.decide")
def waiting() -> WaitingPage:
    """Give a page of what waits."""
    with transaction() as session:
        total, rows = read_waiting(
            current_work(session),
            **filters_of(request.args),
            ids=_record(request.args.get("record") or ""),
            limit=PAGE,
            after=_place_after(request.args.get("after") or ""),
        )
    following = _written(ListPlace.of(rows[-1])) if len(rows) == PAGE else None
    return WaitingPage(total, [_waiting_row(r) for r in rows], following)


def _record(text: str) -> list[UUID] | None:
    """Read the id of the one record asked for; no text asks for all, what is no id for none."""
    if not text:
        return None
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _written(place: ListPlace) -> str:
    """Write where a row stands in the list, for whoever asks for what follows.

    Examples
    --------
    >>> _written(ListPlace(0.83, "place", UUID(int=7)))
    '0.83~place~00000000-0000-0000-0000-000000000007'
    """
    return f"{place.score!r}~{place.subject}~{place.id}"


def _place_after(text: str) -> ListPlace | None:
    """Read what `_written` wrote; None begins."""
    if not text:
        return None
    try:
        score, subject, record = text.split("~")
        place = ListPlace(float(score), subject, UUID(record))
    except ValueError:
        place = None
    if place is None or place.subject not in MODELS or not -1 <= place.score <= 1:
        raise InvalidInput("after: expected what came as next with the page before")
    return place


def filters_of(asked: Mapping[str, object]) -> Filters:
    """Read the filters of the desk."""
    kind = text_of(asked, "kind")
    if kind is not None and kind not in MODELS:
        raise InvalidInput("kind: expected one of {kinds}", kinds=", ".join(MODELS))
    return {
        "kinds": () if kind is None else (kind,),
        "status": text_of(asked, "status"),
        "reason": text_of(asked, "reason"),
        "community_code": text_of(asked, "community"),
        "dismissed": asked.get("dismissed") == "1",
        "same_text": text_of(asked, "text"),
    }


def _waiting_row(row: Any) -> WaitingRecord:  # noqa: ANN401  (a row of a query)
    english = current_language() == "en"
    return WaitingRecord(
        subject=row.subject,
        id=row.id,
        title=row.title,
        when=moment(row.occurred_at) if row.occurred_at else None,
        text=row.address_text,
        status=row.status,
        level=row.level,
        score=row.score,
        reason=explain(row.evidence or "", current_language()) or row.evidence,
        community=(row.community_en if english else None) or row.community,
        n_same=row.n_same,
        n_candidates=row.n_candidates,
        margin=row.margin,
        lon=row.lon,
        lat=row.lat,
        given=None if row.given_lon is None else (row.given_lon, row.given_lat),
    )


@blueprint.get("/<subject>/<uuid:subject_id>/candidates")
@allowed("review.decide")
def candidates(subject: str, subject_id: UUID) -> Candidates:
    """Give the best few places for one record."""
    with transaction() as session:
        found = find_candidates(session, current_scope(), subject, subject_id)
        text = get_subject(session, current_scope(), subject, subject_id).address_text
    return Candidates([_candidate(r) for r in found.to_dict("records")], _read(text))


def _read(text: str | None) -> list[tuple[str, str]]:
    """Give the parts that were read in a text: what it is, and what stands there."""
    parts = read_addresses([text]).iloc[0]
    words = {
        "region": _("County"), "town": _("Town"), "community": _("Community"),
        "street": _("Street"), "cross_street": _("Cross street"), "number": _("Number"),
        "estate": _("Estate"), "building": _("Building"), "stairwell": _("Stairwell"),
        "room": _("Room"),
    }  # fmt: skip
    return [(label, parts[part]) for part, label in words.items() if parts[part]]


def _candidate(row: dict) -> CandidatePlace:
    placed = not (math.isnan(row["lon"]) or math.isnan(row["lat"]))
    return CandidatePlace(
        address_id=None if row["address_id"] is None else int(row["address_id"]),
        label=row["label"],
        lon=row["lon"] if placed else None,
        lat=row["lat"] if placed else None,
        level=row["level"],
        score=round(float(row["score"]), 3),
        reason=explain(row["evidence"], current_language()),
    )


@blueprint.post("/<subject>/<uuid:subject_id>/accept")
@allowed("review.decide")
def accept(subject: str, subject_id: UUID) -> Decided:
    """Accept a candidate by its address."""
    address_id = whole_number(json_body(), "address_id")
    if address_id is None:
        raise InvalidInput("address_id: expected the number of a candidate's address")
    with transaction() as session:
        decision = review.accept_candidate(current_work(session), subject, subject_id, address_id)
    return Decided(decision)


@blueprint.post("/<subject>/<uuid:subject_id>/pin")
@allowed("review.decide")
def pin(subject: str, subject_id: UUID) -> Decided:
    """Place a record at a point."""
    lon, lat = _degrees("lon", 180), _degrees("lat", 90)
    with transaction() as session:
        decision = review.place_pin(current_work(session), subject, subject_id, lon=lon, lat=lat)
    return Decided(decision)


@blueprint.post("/<subject>/<uuid:subject_id>/dismiss")
@allowed("review.decide")
def dismiss(subject: str, subject_id: UUID) -> Decided:
    """Put a record aside."""
    with transaction() as session:
        decision = review.dismiss(current_work(session), subject, subject_id)
    return Decided(decision)


@blueprint.post("/decisions/<int:decision_id>/undo")
@allowed("review.decide")
def undo(decision_id: int) -> Decided:
    """Take a decision back."""
    with transaction() as session:
        decision = review.undo(current_work(session), decision_id)
    return Decided(decision)


@blueprint.get("/ties")
@allowed("review.decide")
def ties() -> Ties:
    """Give the records whose best candidates all lie in one block."""
    with transaction() as session:
        found = find_ties(
            session, current_scope(), community_code=request.args.get("community") or None
        )
        record_desk(current_work(session), found, "ties")
    return Ties([TiedRecord(x.subject, x.id, x.address_text, x.address_id, x.label) for x in found])


@blueprint.post("/ties")
@allowed("review.decide")
def accept_ties() -> DecidedAll:
    """Accept all ties in one block again looked up now; they must be as many as were shown."""
    expected = json_body().get("count")
    with transaction() as session:
        found = find_ties(
            session, current_scope(), community_code=request.args.get("community") or None
        )
        if expected != len(found):
            raise InvalidInput("the list has changed since it was shown; look at it again")
        choices = [(x.subject, x.id, x.address_id) for x in found]
        decisions = review.accept_many(current_work(session), choices)
    return DecidedAll(decisions)


def _degrees(name: str, most: float) -> float:
    value = json_body().get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= most:
        raise InvalidInput(
            "{name}: expected degrees between -{most} and {most}", name=name, most=most
        )
    return float(value)


_ONE = [
    {"name": "subject", "in": "path", "required": True,
     "schema": {"type": "string", "enum": list(MODELS)}},
    {"name": "subject_id", "in": "path", "required": True,
     "schema": {"type": "string", "format": "uuid"}},
]  # fmt: skip
_AT = "/api/v1/review/{subject}/{subject_id}"
OPENAPI = {
    "/api/v1/review/waiting": says(
        "get",
        "What waits for a person to say where it is; filters kind, status, reason, community,"
        " dismissed; record: the id of one record; after: what came as next with the page before",
    ),
    f"{_AT}/candidates": says("get", "The best few places for a record", *_ONE),
    f"{_AT}/accept": says("post", "Accept the candidate with `address_id`", *_ONE),
    f"{_AT}/pin": says("post", "Place at `lon`, `lat`", *_ONE),
    f"{_AT}/dismiss": says("post", "Put aside", *_ONE),
    "/api/v1/review/decisions/{decision_id}/undo": says(
        "post", "Take a decision back", in_path("decision_id", "integer")
    ),
    "/api/v1/review/ties": says("get", "Records whose best candidates all lie in one block")
    | says("post", "Accept all these, `count` of them"),
}
