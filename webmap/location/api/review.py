"""The review desk's interface: what waits, candidates, decisions, undo."""

from __future__ import annotations

import math
from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from gis.actions.location import review
from gis.actions.location.candidates import find_candidates, find_ties
from gis.actions.location.review_reading import read_waiting, record_desk
from gis.address.evidence import explain
from gis.address.parse import read_addresses
from gis.errors import InvalidInput
from gis.store.location.review import MODELS, ListPlace, get_subject
from webmap.shell.access import allowed
from webmap.shell.bodies import json_body, text_of, whole_number
from webmap.shell.database import transaction
from webmap.shell.language import current_language
from webmap.shell.presentation import moment
from webmap.shell.session import current_scope, now

blueprint = Blueprint("review_api", __name__, url_prefix="/api/v1/review")

PAGE = 100


@blueprint.get("/waiting")
@allowed("review.decide")
def waiting() -> Response:
    """Give a page of what waits."""
    with transaction() as session:
        total, rows = read_waiting(
            session,
            current_scope(),
            **filters_of(request.args),
            now=now(),
            limit=PAGE,
            after=_place_after(request.args.get("after") or ""),
        )
    following = _written(ListPlace.of(rows[-1])) if len(rows) == PAGE else None
    return jsonify(total=total, rows=[_waiting_row(r) for r in rows], next=following)


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


def filters_of(asked: Mapping[str, object]) -> dict:
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


def _waiting_row(row: object) -> dict:
    english = current_language() == "en"
    return {
        "subject": row.subject,
        "id": str(row.id),
        "title": row.title,
        "when": moment(row.occurred_at) if row.occurred_at else None,
        "text": row.address_text,
        "status": row.status,
        "level": row.level,
        "score": row.score,
        "reason": explain(row.evidence or "", current_language()) or row.evidence,
        "community": (row.community_en if english else None) or row.community,
        "n_same": row.n_same,
        "n_candidates": row.n_candidates,
        "margin": row.margin,
        "lon": row.lon,
        "lat": row.lat,
        "given": None if row.given_lon is None else [row.given_lon, row.given_lat],
    }


@blueprint.get("/<subject>/<uuid:subject_id>/candidates")
@allowed("review.decide")
def candidates(subject: str, subject_id: UUID) -> Response:
    """Give the best few places for one record."""
    with transaction() as session:
        found = find_candidates(session, current_scope(), subject, subject_id)
        text = get_subject(session, current_scope(), subject, subject_id).address_text
    return jsonify(candidates=[_candidate(r) for r in found.to_dict("records")], read=_read(text))


def _read(text: str | None) -> list[list[str]]:
    """Give the parts that were read in a text: what it is, and what stands there."""
    parts = read_addresses([text]).iloc[0]
    words = {
        "region": _("County"), "town": _("Town"), "community": _("Community"),
        "street": _("Street"), "cross_street": _("Cross street"), "number": _("Number"),
        "estate": _("Estate"), "building": _("Building"), "stairwell": _("Stairwell"),
        "room": _("Room"),
    }  # fmt: skip
    return [[label, parts[part]] for part, label in words.items() if parts[part]]


def _candidate(row: dict) -> dict:
    placed = not (math.isnan(row["lon"]) or math.isnan(row["lat"]))
    return {
        "address_id": None if row["address_id"] is None else int(row["address_id"]),
        "label": row["label"],
        "lon": row["lon"] if placed else None,
        "lat": row["lat"] if placed else None,
        "level": row["level"],
        "score": round(float(row["score"]), 3),
        "reason": explain(row["evidence"], current_language()),
    }


@blueprint.post("/<subject>/<uuid:subject_id>/accept")
@allowed("review.decide")
def accept(subject: str, subject_id: UUID) -> Response:
    """Accept a candidate by its address."""
    address_id = whole_number(json_body(), "address_id")
    if address_id is None:
        raise InvalidInput("address_id: expected the number of a candidate's address")
    with transaction() as session:
        decision = review.accept_candidate(
            session, current_scope(), subject, subject_id, address_id, now=now()
        )
    return jsonify(decision=decision)


@blueprint.post("/<subject>/<uuid:subject_id>/pin")
@allowed("review.decide")
def pin(subject: str, subject_id: UUID) -> Response:
    """Place a record at a point."""
    lon, lat = _degrees("lon", 180), _degrees("lat", 90)
    with transaction() as session:
        decision = review.place_pin(
            session, current_scope(), subject, subject_id, lon=lon, lat=lat, now=now()
        )
    return jsonify(decision=decision)


@blueprint.post("/<subject>/<uuid:subject_id>/dismiss")
@allowed("review.decide")
def dismiss(subject: str, subject_id: UUID) -> Response:
    """Put a record aside."""
    with transaction() as session:
        decision = review.dismiss(session, current_scope(), subject, subject_id, now=now())
    return jsonify(decision=decision)


@blueprint.post("/decisions/<int:decision_id>/undo")
@allowed("review.decide")
def undo(decision_id: int) -> Response:
    """Take a decision back."""
    with transaction() as session:
        decision = review.undo(session, current_scope(), decision_id, now=now())
    return jsonify(decision=decision)


@blueprint.get("/ties")
@allowed("review.decide")
def ties() -> Response:
    """Give the records whose best candidates all lie in one block."""
    with transaction() as session:
        found = find_ties(
            session, current_scope(), community_code=request.args.get("community") or None
        )
        record_desk(session, current_scope(), found, "ties", now=now())
    return jsonify(
        ties=[
            {"subject": x.subject, "id": str(x.id), "text": x.address_text,
             "address_id": x.address_id, "label": x.label}
            for x in found
        ]
    )  # fmt: skip


@blueprint.post("/ties")
@allowed("review.decide")
def accept_ties() -> Response:
    """Accept all ties in one block again looked up now; they must be as many as were shown."""
    expected = json_body().get("count")
    with transaction() as session:
        found = find_ties(
            session, current_scope(), community_code=request.args.get("community") or None
        )
        if expected != len(found):
            raise InvalidInput("the list has changed since it was shown; look at it again")
        choices = [(x.subject, x.id, x.address_id) for x in found]
        decisions = review.accept_many(session, current_scope(), choices, now=now())
    return jsonify(decisions=decisions)


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
_DECISION = {"200": {"description": "decision: its number, for undoing"}}


def _decides(summary: str) -> dict:
    return {"post": {"summary": summary, "parameters": _ONE, "responses": _DECISION}}


_AT = "/api/v1/review/{subject}/{subject_id}"
OPENAPI = {
    "/api/v1/review/waiting": {
        "get": {
            "summary": "What waits for a person to say where it is; filters kind, status, reason,"
            " community, dismissed; after: what came as next with the page before",
            "responses": {"200": {"description": "total, up to 100 rows, next (null at the end)"}},
        }
    },
    f"{_AT}/candidates": {
        "get": {
            "summary": "The best few places for a record",
            "parameters": _ONE,
            "responses": {"200": {"description": "candidates"}},
        }
    },
    f"{_AT}/accept": _decides("Accept the candidate with `address_id`"),
    f"{_AT}/pin": _decides("Place at `lon`, `lat`"),
    f"{_AT}/dismiss": _decides("Put aside"),
    "/api/v1/review/decisions/{decision_id}/undo": {
        "post": {
            "summary": "Take a decision back",
            "parameters": [
                {"name": "decision_id", "in": "path", "required": True,
                 "schema": {"type": "integer"}}
            ],
            "responses": _DECISION,
        }
    },
    "/api/v1/review/ties": {
        "get": {
            "summary": "Records whose best candidates all lie in one block",
            "responses": {"200": {"description": "ties"}},
        },
        "post": {
            "summary": "Accept all these, `count` of them",
            "responses": {"200": {"description": "decisions"}},
        },
    },
}  # fmt: skip
