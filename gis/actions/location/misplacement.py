"""Offers to correct imports whose coordinates are wrong as a whole; applied and undone by people.

A correction is kept with the import and used whenever the given coordinates are read; they
themselves never change. Taking it away and locating again brings everything back as it was.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.location.geocode import GeocodeOutcome, geocode_subject
from gis.domain.access import Scope, require
from gis.errors import Conflict, InvalidInput, Message, NotFound
from gis.geometry.correction import Correction, parse_correction
from gis.store.location import misplacements
from gis.store.location.locations import SUBJECTS
from gis.store.provenance.batches import find_batch
from gis.store.tables import ImportBatch


@dataclass(frozen=True)
class Offer:
    """A correction that is offered for an import, or in force.

    Parameters
    ----------
    batch_id, subject, file_name
        The import: ``households``, ``incidents`` or ``places``.
    correction
        As `gis.geometry.correction.parse_correction` reads it.
    n_compared, n_right_before, n_right_after
        Rows compared, and those of them that lie right as given and when corrected.
    before_m, after_m
        Median distance from their addresses; None where only an outline was compared.
    applied
        Whether it is in force.
    """

    batch_id: int
    subject: str
    file_name: str
    correction: str
    n_compared: int
    n_right_before: int
    n_right_after: int
    before_m: float | None
    after_m: float | None
    applied: bool


_AS = {
    "gcj02": "as GCJ-02 coordinates do",
    "bd09": "as BD-09 coordinates do",
    "reverse_gcj02": "as WGS84 coordinates do that were taken for GCJ-02",
    "reverse_bd09": "as WGS84 coordinates do that were taken for BD-09",
    "swapped_axes": "as coordinates do whose latitude stands first",
    "zone": "as coordinates do that were read in a wrong zone",
    "offset": "all by the same way",
    "metres": "as metres do that were taken for degrees",
}


def describe(
    correction: Correction,
    n_compared: int,
    n_right_before: int,
    n_right_after: int,
    before_m: float | None,
) -> str:
    """Say what was found, without what to do.

    Examples
    --------
    >>> describe(Correction("gcj02"), 640, 3, 612, 530.4)
    '612 of 640 rows lie 530 m from their addresses in one direction, as GCJ-02 coordinates do'
    """
    like = _AS[correction.kind]
    if before_m is None:
        return Message(
            "only {before:,} of {n:,} rows lie where they can, and {after:,} would if corrected,"
            " {like}",
            before=n_right_before,
            n=n_compared,
            after=n_right_after,
            like=like,
        )
    far = f"{before_m:,.0f} m" if before_m < 20_000 else f"{before_m / 1000:,.0f} km"
    where = "" if correction.kind in ("swapped_axes", "metres") else " in one direction"
    return Message(
        "{after:,} of {n:,} rows lie {far} from their addresses{where}, {like}",
        after=n_right_after,
        n=n_compared,
        far=far,
        where=where,
        like=like,
    )


def offers(session: Session, scope: Scope) -> list[Offer]:
    """List the corrections that are offered or in force, newest import first; computes nothing.

    Raises
    ------
    NotAllowed
        The person neither decides on locations nor imports.
    """
    if not scope.may("import"):
        require(scope, "review.decide")
    return [_offer(row) for row in misplacements.doubtful_batches(session, tuple(SUBJECTS))]


def _offer(row: Row) -> Offer:
    found = row.misplacement or {}
    return Offer(
        batch_id=row.id,
        subject=row.kind,
        file_name=row.file_name,
        correction=row.correction or found["correction"],
        n_compared=found.get("n_compared", 0),
        n_right_before=found.get("n_right_before", 0),
        n_right_after=found.get("n_right_after", 0),
        before_m=found.get("before_m"),
        after_m=found.get("after_m"),
        applied=row.correction is not None,
    )


def apply_offer(work: Work, batch_id: int) -> GeocodeOutcome:
    """Put the correction found for an import in force, and locate its records again.

    Raises
    ------
    NotAllowed
        The person may not import.
    Conflict
        Nothing is found wrong with it (any more), or it is corrected already.
    """
    batch = _batch(work.session, work.scope, batch_id)
    if batch.correction is not None or not batch.misplacement:
        raise Conflict(
            "no correction is open for {file}; load the page again", file=batch.file_name
        )
    return _correct(work, batch, batch.misplacement["correction"])


def undo_offer(work: Work, batch_id: int) -> GeocodeOutcome:
    """Take the correction of an import away, and locate its records again.

    Raises
    ------
    NotAllowed
        The person may not import.
    Conflict
        It is not corrected.
    """
    batch = _batch(work.session, work.scope, batch_id)
    if batch.correction is None:
        raise Conflict("{file} is not corrected; load the page again", file=batch.file_name)
    return _correct(work, batch, None)


def correct_subject(work: Work, subject: str, correction: str) -> list[GeocodeOutcome]:
    """Apply a correction to the imports of a subject for which it is offered; ``none`` undoes.

    Raises
    ------
    InvalidInput
        The subject has no coordinates, or the correction is none.
    Conflict
        It is offered for no import of the subject, or none is corrected.
    """
    if subject not in SUBJECTS:
        raise InvalidInput(
            "“{subject}” is not corrected; choose one of {subjects}",
            subject=subject,
            subjects=", ".join(SUBJECTS),
        )
    undo = correction == "none"
    wanted = "" if undo else str(parse_correction(correction))
    own = [o for o in offers(work.session, work.scope) if o.subject == subject]
    chosen = [o for o in own if (o.applied if undo else not o.applied and o.correction == wanted)]
    if not chosen:
        open_ones = sorted({o.correction for o in own if not o.applied})
        offered = ", ".join(open_ones) or Message("none")
        if undo:
            raise Conflict(
                "{subject}: no import is corrected; offered: {offered}",
                subject=subject,
                offered=offered,
            )
        raise Conflict(
            "{subject}: {wanted} is offered for no import; offered: {offered}",
            subject=subject,
            wanted=wanted,
            offered=offered,
        )
    act = undo_offer if undo else apply_offer
    return [act(work, o.batch_id) for o in chosen]


def _batch(session: Session, scope: Scope, batch_id: int) -> ImportBatch:
    require(scope, "import")
    batch = find_batch(session, batch_id, lock=True)
    if batch is None or batch.kind not in SUBJECTS:
        raise NotFound("there is no such import")
    return batch


def _correct(work: Work, batch: ImportBatch, correction: str | None) -> GeocodeOutcome:
    before, batch.correction = batch.correction, correction
    work.session.flush()
    work.audit(
        "coordinates.correct" if correction else "coordinates.uncorrect",
        object_kind="import_batch",
        object_id=batch.id,
        detail={"file": batch.file_name, "from": before, "to": correction},
    )
    return geocode_subject(work, batch.kind, batch_id=batch.id)
