"""What waits for a person to say where it is: rows, their register, blocks of addresses.

Rows are chosen by ``review.decide`` and the community; what has no community yet is seen only
by who covers the whole area. Households are there only for roles that read households: an address
with its room is somebody's. No name and no phone of a person leaves this module.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy import (
    DateTime,
    Row,
    Select,
    cast,
    false,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from gis.domain.access import Scope, require
from gis.errors import NotFound
from gis.store.area.visible import visible
from gis.store.tables import (
    Address,
    DivisionUnit,
    LocationDecision,
    RegisterVersion,
    UserAccount,
)
from gis.store.tables.kinds import ToLocate, tables_with
from gis.store.tables.location.located import Located

MODELS: dict[str, type[Located]] = {table.__tablename__: table for table in tables_with(ToLocate)}
"""Subjects of review and the table each is in."""

NO_SCORE = -1.0
"""Stands for the score of what has none: after all others."""


def subjects_of(scope: Scope) -> tuple[str, ...]:
    """List the subjects a person decides about: some need a permission to be seen as well."""
    require(scope, "review.decide")
    return tuple(
        subject
        for subject, model in MODELS.items()
        if model.viewed_with is None or scope.may(model.viewed_with)
    )


def _title(model: type[Located]):  # noqa: ANN202  (a column expression)
    return getattr(model, model.title)


def _time(model: type[Located]):  # noqa: ANN202  (a column expression)
    return getattr(model, "occurred_at", cast(null(), DateTime(timezone=True)))


def _waiting(subject: str, scope: Scope, *, dismissed: bool) -> Select:
    model, unit = MODELS[subject], aliased(DivisionUnit)
    last = (
        select(LocationDecision.method)
        .where(LocationDecision.subject_id == model.id, LocationDecision.subject == subject)
        .order_by(LocationDecision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            literal(subject).label("subject"),
            model.id,
            _title(model).label("title"),
            _time(model).label("occurred_at"),
            model.address_text,
            model.status,
            model.level,
            model.score,
            model.evidence,
            model.n_candidates,
            model.margin,
            model.error_m,
            model.given_lon,
            model.given_lat,
            model.community_id,
            unit.code.label("community_code"),
            unit.name.label("community"),
            unit.name_en.label("community_en"),
            func.coalesce(func.ST_X(model.geom), model.given_lon).label("lon"),
            func.coalesce(func.ST_Y(model.geom), model.given_lat).label("lat"),
        )
        .outerjoin(unit, unit.id == model.community_id)
        .where(
            model.status.in_(("review", "none")),
            func.coalesce(last, "") == "dismiss"
            if dismissed
            else func.coalesce(last, "") != "dismiss",
            visible(scope, model.community_id),
        )
    )


def _all_waiting(  # noqa: ANN202  (a subquery)
    scope: Scope, *, kinds: Collection[str] = (), dismissed: bool = False
):
    chosen = [k for k in subjects_of(scope) if not kinds or k in kinds]
    if not chosen:
        return _waiting(next(iter(MODELS)), scope, dismissed=dismissed).where(false()).subquery()
    return union_all(*(_waiting(k, scope, dismissed=dismissed) for k in chosen)).subquery()


class Filters(TypedDict, total=False):
    """By what the desk chooses among what waits; see `list_waiting`."""

    kinds: Collection[str]
    status: str | None
    reason: str | None
    community_code: str | None
    dismissed: bool
    same_text: str | None


def list_waiting(
    session: Session,
    scope: Scope,
    *,
    kinds: Collection[str] = (),
    status: str | None = None,
    reason: str | None = None,
    community_code: str | None = None,
    dismissed: bool = False,
    same_text: str | None = None,
    ids: Collection[UUID] | None = None,
    limit: int | None = 100,
    after: ListPlace | None = None,
) -> tuple[int, list[Row]]:
    """List what waits within the area, the likeliest first, and count all that match.

    Parameters
    ----------
    kinds
        ``household``, ``incident``, ``place``; empty means all.
    status
        ``review`` (with a proposal) or ``none``.
    reason
        An evidence code.
    dismissed
        The ones a person has put aside instead.
    same_text
        Only records of this text.
    ids
        Only these records.
    after
        Place of the last row of the page before: what follows it, whatever was decided meanwhile.

    Returns
    -------
    total, rows
        ``n_same`` of a row counts the matching records of the same text, itself included.

    Raises
    ------
    NotAllowed
        The person does not decide on locations.
    """
    require(scope, "review.decide")
    rows = _all_waiting(scope, kinds=kinds, dismissed=dismissed)
    n_same = func.count().over(partition_by=func.coalesce(rows.c.address_text, ""))
    query = select(rows, n_same.label("n_same"))
    if same_text is not None:
        query = query.where(rows.c.address_text == same_text)
    if ids is not None:
        query = query.where(rows.c.id.in_(ids))
    if status:
        query = query.where(rows.c.status == status)
    if reason:
        codes = func.string_to_array(func.coalesce(rows.c.evidence, ""), ";")
        query = query.where(literal(reason) == func.any(codes))
    if community_code:
        query = query.where(rows.c.community_code == community_code)
    found = query.subquery()
    total = session.scalar(select(func.count()).select_from(found))
    key = tuple_(*_key(found.c))
    page = select(found).order_by(*_key(found.c)).limit(limit)
    if after is not None:
        text = _text_of(session, scope, after)
        page = page.where(key > tuple_(literal(-after.score), literal(text), literal(after.id)))
    return total or 0, list(session.execute(page))


@dataclass(frozen=True)
class ListPlace:
    """Where a row stands in the list of what waits; without the text, which is somebody's.

    Parameters
    ----------
    score
        Of the row when it was listed; -1 for none.
    subject, id
        Of the record, which keeps its text.
    """

    score: float
    subject: str
    id: UUID

    @classmethod
    def of(cls, row: Row) -> ListPlace:
        """Give the place of a listed row."""
        return cls(NO_SCORE if row.score is None else row.score, row.subject, row.id)


def _key(columns):  # noqa: ANN001, ANN202  (column expressions)
    """Order the likeliest first, then alike texts beside one another."""
    text = func.coalesce(columns.address_text, "")
    return -func.coalesce(columns.score, NO_SCORE), text, columns.id


def _text_of(session: Session, scope: Scope, place: ListPlace) -> str:
    model = MODELS[place.subject]
    own = model.id == place.id, visible(scope, model.community_id)
    return session.scalar(select(model.address_text).where(*own)) or ""


def count_waiting(session: Session, scope: Scope) -> list[Row]:
    """Count what waits by kind, status, community and evidence, for the filters."""
    require(scope, "review.decide")
    rows = _all_waiting(scope)
    keys = (
        rows.c.subject,
        rows.c.status,
        rows.c.community_code,
        rows.c.community,
        rows.c.community_en,
        rows.c.evidence,
    )
    return list(session.execute(select(*keys, func.count().label("n")).group_by(*keys)))


def get_subject(
    session: Session, scope: Scope, subject: str, subject_id: UUID, *, for_update: bool = False
) -> Located:
    """Get one household, incident or place of the area to decide about.

    Raises
    ------
    NotFound
        No such row, or it is outside the area.
    """
    require(scope, "review.decide")
    if subject not in MODELS:
        raise NotFound(
            "“{subject}” is not reviewed; choose one of {subjects}",
            subject=subject,
            subjects=", ".join(MODELS),
        )
    if subject not in subjects_of(scope):
        raise NotFound("there is no such record in your area")
    row = session.get(MODELS[subject], subject_id, with_for_update=for_update)
    if row is None or not scope.covers(row.community_id):
        raise NotFound("there is no such record in your area")
    return row


def point_of(row: Located) -> tuple[float, float] | None:
    """Give lon and lat of a located row, as it was read."""
    if row.geom is None:
        return None
    point = to_shape(row.geom)
    return point.x, point.y


def list_decisions(session: Session, scope: Scope, *, limit: int = 10) -> list[Row]:
    """List a person's own last decisions that still stand, newest first."""
    require(scope, "review.decide")
    later = aliased(LocationDecision)
    stands = ~(
        select(later.id)
        .where(later.subject_id == LocationDecision.subject_id, later.id > LocationDecision.id)
        .exists()
    ) & LocationDecision.overtaken_at.is_(None)
    query = (
        select(
            LocationDecision.id,
            LocationDecision.subject,
            LocationDecision.method,
            LocationDecision.bulk_id,
            LocationDecision.decided_at,
            UserAccount.name,
        )
        .join(UserAccount, UserAccount.id == LocationDecision.decided_by)
        .where(
            LocationDecision.decided_by == scope.user_id, LocationDecision.method != "undo", stands
        )
        .order_by(LocationDecision.id.desc())
    )
    return list(session.execute(query.limit(limit)))


def mark_bulk(session: Session, decisions: Sequence[int], bulk: UUID) -> None:
    """Say that decisions were made in one go."""
    session.execute(
        update(LocationDecision).where(LocationDecision.id.in_(decisions)).values(bulk_id=bulk)
    )


def list_bulk(session: Session, scope: Scope, bulk: UUID) -> list[int]:
    """List a person's own decisions of one go that still stand, the last first."""
    later = aliased(LocationDecision)
    overruled = select(later.id).where(
        later.subject_id == LocationDecision.subject_id, later.id > LocationDecision.id
    )
    query = select(LocationDecision.id).where(
        LocationDecision.bulk_id == bulk,
        LocationDecision.decided_by == scope.user_id,
        LocationDecision.overtaken_at.is_(None),
        ~overruled.exists(),
    )
    return list(session.scalars(query.order_by(LocationDecision.id.desc())))


def addresses_version(session: Session) -> tuple[str, int, int, int]:
    """Give a mark of the database's address register that changes when the register does.

    Added entries are seen at once, changed ones with the next geocoding run.
    """
    row = session.execute(
        select(
            func.current_database(),
            select(func.coalesce(func.max(Address.id), 0)).scalar_subquery(),
            select(func.count(Address.id)).scalar_subquery(),
            select(func.coalesce(func.max(RegisterVersion.id), 0)).scalar_subquery(),
        )
    ).one()
    return tuple(row)


def blocks_of_addresses(session: Session, ids: Collection[int]) -> dict[int, int | None]:
    """Give the block of each address."""
    rows = session.execute(select(Address.id, Address.block_id).where(Address.id.in_(ids)))
    return {row.id: row.block_id for row in rows}
