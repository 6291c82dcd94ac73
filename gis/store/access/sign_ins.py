"""Failures to sign in by lane, and the places an account is known from; shared by all servers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.domain.sign_in import KNOWN_FOR, PACES, Lane, failures_left, wait_after
from gis.store.tables import SignInPlace, SignInWait

_KEPT = timedelta(days=2)
"""Longer than any lane takes to forgive what it holds at its longest wait."""


def enter_lanes(session: Session, lanes: Sequence[Lane], *, now: datetime) -> timedelta:
    """Give how long an attempt along some lanes has to wait; zero lets it in.

    Attempts along one lane go one by one until the transaction ends, so that many at the same
    moment are not let in on one count.
    """
    for key in sorted(lane.key for lane in lanes):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 7))))
    query = select(func.max(SignInWait.wait_until)).where(_of(lanes), SignInWait.wait_until > now)
    until = session.scalar(query)
    return timedelta() if until is None else until - now


def count_refused(session: Session, lanes: Sequence[Lane], *, now: datetime) -> None:
    """Count an attempt that came too early; it lengthens nothing."""
    waiting = update(SignInWait).where(_of(lanes), SignInWait.wait_until > now)
    session.execute(waiting.values(refused=SignInWait.refused + 1))


def count_failure(
    session: Session, lanes: Sequence[Lane], *, now: datetime
) -> tuple[timedelta, int]:
    """Count a failure along some lanes.

    Returns
    -------
    wait, refused
        How long the next attempt waits, and how many attempts came too early since the last.
    """
    known = {r.lane: r for r in session.scalars(select(SignInWait).where(_of(lanes)))}
    longest, refused = timedelta(), 0
    for lane in lanes:
        pace, row = PACES[lane.kind], known.get(lane.key)
        failures = 1.0
        if row is not None:
            failures += failures_left(row.failures, row.last_at, pace, now=now)
            refused = max(refused, row.refused)
        wait = wait_after(failures, pace)
        values = {"failures": failures, "last_at": now, "wait_until": now + wait, "refused": 0}
        query = insert(SignInWait).values(lane=lane.key, **values)
        session.execute(query.on_conflict_do_update(index_elements=["lane"], set_=values))
        longest = max(longest, wait)
    return longest, refused


def forget_failures(session: Session, lanes: Sequence[Lane], *, now: datetime) -> None:
    """Forget failures after a success, and what is too old to matter anywhere.

    The lanes of an address and of an account stay: an attacker with an account of his own must
    not begin anew by signing in to it.
    """
    own = [lane for lane in lanes if lane.kind in ("device", "pair")]
    session.execute(delete(SignInWait).where(_of(own)))
    session.execute(delete(SignInWait).where(SignInWait.last_at < now - _KEPT))


def forget_lanes(session: Session, lanes: Sequence[Lane]) -> None:
    """Forget what was counted along some lanes."""
    session.execute(delete(SignInWait).where(_of(lanes)))


def knows_place(session: Session, user_id: int, place: str, *, now: datetime) -> bool:
    """Say whether an account was signed in to from a place of late."""
    row = session.get(SignInPlace, (user_id, place))
    return row is not None and row.last_at > now - KNOWN_FOR


def remember_places(session: Session, user_id: int, places: Sequence[str], now: datetime) -> None:
    """Remember places an account is signed in to from, and forget old ones."""
    for place in places:
        query = insert(SignInPlace).values(user_id=user_id, place=place, last_at=now)
        again = query.on_conflict_do_update(
            index_elements=["user_id", "place"], set_={"last_at": now}
        )
        session.execute(again)
    old = (SignInPlace.user_id == user_id) & (SignInPlace.last_at < now - KNOWN_FOR)
    session.execute(delete(SignInPlace).where(old))


def forget_places(session: Session, user_id: int) -> None:
    """Forget every place an account is known from."""
    session.execute(delete(SignInPlace).where(SignInPlace.user_id == user_id))


def _of(lanes: Sequence[Lane]):  # noqa: ANN202  (a condition)
    return SignInWait.lane.in_([lane.key for lane in lanes])
