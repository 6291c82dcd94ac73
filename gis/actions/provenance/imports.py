"""Importing records: checked against what is stored, then stored whole or not at all.

Reading files is `gis.exchange`'s; the rules that need the database are in `import_checks`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.accounts import end_demo_sessions
from gis.actions.access.work import Work
from gis.actions.ground.stale_blocks import stale_communities
from gis.actions.location.coordinate_check import as_record, check_frame
from gis.actions.provenance.communities import store_communities
from gis.actions.provenance.community_codes import number_communities as give_codes
from gis.actions.provenance.delivery import (
    Compared,
    Tally,
    compare,
    compare_communities,
    split_water,
    store_compared,
)
from gis.actions.provenance.delivery_checks import find_faults
from gis.actions.provenance.import_checks import check_records
from gis.actions.provenance.outline_fit import OutlineRepair, fit_outlines
from gis.actions.provenance.waiting_records import count_waiting
from gis.actions.provenance.whereabouts import refuse_strays
from gis.actions.register.arrivals import adopt_waiting, count_adoptable, refresh_names
from gis.domain.access import require
from gis.domain.kinds import KINDS
from gis.errors import CommandHint, Defect, InvalidInput, Message, rows_of
from gis.geometry.misplacement import Misplacement
from gis.geometry.rounding import Rounding
from gis.messages import plain_message
from gis.store.access.real_people import holds_real_rows
from gis.store.provenance import records
from gis.store.provenance.deliveries import lock_kind
from gis.store.provenance.former_rows import keeping_former
from gis.store.tables import ImportBatch

MOST_DEFECTS_KEPT = 10_000
_WAITING_FOR = {"community": "outside", "household": "without_household"}
"""What rows that wait are called in the record of an import."""


@dataclass(frozen=True)
class Source:
    """Where records come from: file, content, attribution.

    Parameters
    ----------
    file_name
        Name shown in reports; never a path.
    sha256
        Digest of the file's content (and mapping); None when it has none.
    name, attribution, licence, notice_zh, notice_en, synthetic
        Entry of the list of data sources; no entry when ``name`` is None.
    mapping
        How columns were read.
    middle
        Median of the coordinates as they stand in the file.
    rounding
        What its points are rounded to as they stand in the file, by row number.
    """

    file_name: str
    sha256: str | None = None
    name: str | None = None
    attribution: str = ""
    licence: str | None = None
    notice_zh: str | None = None
    notice_en: str | None = None
    synthetic: bool = False
    mapping: dict | None = None
    middle: tuple[float, float] | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did, or would do.

    Parameters
    ----------
    kind
        Kind of record.
    rows_read, rows_good, rows_stored
        Counts; stored are new and changed rows, 0 for a dry run or a refusal.
    defects
        Everything wrong, row by row.
    state
        ``dry_run``, ``committed``, ``refused`` or ``unchanged`` (everything is stored so already).
    misplacement
        What the coordinates of the whole file seem to have wrong; None when nothing.
    waiting
        How many good rows wait, by what for: their ``community`` (they lie in none, and get theirs
        when its outline is imported) or their ``household``; what waits for nothing is left out.
    settled
        How many stored rows of each kind belong to something else with this: for communities what
        lies on the ground, for households their residents. Of a dry run: how many would.
    tally
        The good rows by what storing them does, or did: new, changed, unchanged; and missing ones.
    stale
        Codes of communities whose blocks are out of date with this.
    doubts
        What is doubtful of the coordinates of many rows together, in words.
    repairs
        Of communities: ground that repairs of outlines move, or would move when accepted.
    batch_id
        The import on record; None of a dry run, and where nothing changed.
    """

    kind: str
    rows_read: int
    rows_good: int
    rows_stored: int
    defects: tuple[Defect, ...]
    state: str
    misplacement: Misplacement | None = None
    waiting: dict[str, int] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    stale: tuple[str, ...] = ()
    doubts: tuple[Message, ...] = ()
    repairs: tuple[OutlineRepair, ...] = ()
    batch_id: int | None = None

    @property
    def rows_outside(self) -> int:
        """Good rows that lie in no community."""
        return self.waiting.get("community", 0)


def import_records(
    work: Work,
    kind: str,
    frame: pd.DataFrame,
    *,
    source: Source,
    defects: tuple[Defect, ...] = (),
    rows_read: int | None = None,
    commit: bool = False,
    good_rows_only: bool = False,
    accept_far: bool = False,
    accept_moves: bool = False,
    accept_repairs: bool = False,
    number_communities: bool = False,
    code_prefix: str | None = None,
) -> ImportOutcome:
    """Import a frame of records: new ones are stored, known ones brought up to date.

    What is stored already and unchanged is left alone, and nothing that the file lacks is removed.

    Parameters
    ----------
    kind
        A key of `gis.domain.kinds.KINDS` other than ``blocks``.
    frame
        Rows without defects so far, columns as the kind says; the index holds row numbers.
    source
        Where they come from.
    defects
        What reading the file already found.
    commit
        False tries everything and stores nothing.
    good_rows_only
        Store the good rows although others have defects.
    accept_far
        Store also what lies far from everything stored; see `gis.actions.provenance.whereabouts`.
    accept_moves
        Take what has a known reference or number as the same wherever it lies and whatever it
        says; see `gis.actions.provenance.delivery_checks`.
    accept_repairs
        Mend overlaps and gaps of communities; see `gis.actions.provenance.outline_fit`.
    number_communities, code_prefix
        Take the proposed codes of communities without; and the nine digits of their town. See
        `gis.actions.provenance.community_codes`.

    Returns
    -------
    ImportOutcome
        ``refused`` when there are defects and ``good_rows_only`` is False: then no record is
        stored, only the report of the attempt.

    Raises
    ------
    NotAllowed
        The person may not import.
    """
    require(work.scope, "import")
    if kind not in KINDS:
        raise InvalidInput(
            "“{kind}” is no kind of record; there are {kinds}", kind=kind, kinds=", ".join(KINDS)
        )
    rows_read = len(frame) + len({d.row for d in defects}) if rows_read is None else rows_read
    if commit:
        lock_kind(work.session, kind)
        if belongs_to := KINDS[kind].belongs_to:
            lock_kind(work.session, belongs_to)
    frame, found = check_records(work.session, work.scope, kind, frame, source.file_name)
    fit = _Fitted(frame)
    if kind == "communities":
        fit = _fit_communities(
            work.session,
            frame,
            source,
            accept_far=accept_far,
            accept_repairs=accept_repairs,
            prefix=code_prefix,
            accept_codes=number_communities,
        )
    frame, compared = fit.frame, _compare(work.session, kind, fit.frame)
    placed = _to_be_placed(frame, compared)
    misplaced, doubts = check_frame(work.session, kind, placed, rounding=source.rounding)
    faults = _faults(
        work.session,
        kind,
        frame,
        compared,
        source,
        accept_far=accept_far,
        accept_moves=accept_moves,
    )
    defects = (*defects, *found, *fit.defects, *faults)
    faulty = rows_of(faults)
    compared = _without(compared, faulty)
    frame = frame[~frame.index.isin(list(faulty))]
    state = "refused" if defects and not good_rows_only else "committed"
    looked = _looked_at(
        work.session,
        kind,
        frame,
        compared,
        ImportOutcome(
            kind,
            rows_read,
            len(frame),
            0,
            defects,
            state,
            misplaced,
            doubts=(*(doubts.told if doubts else ()), *fit.told),
            repairs=fit.repairs,
        ),
    )
    tally = looked.tally
    if not commit:
        settled, told = _foresee(work, kind, frame)
        return replace(looked, state="dry_run", settled=settled, doubts=(*looked.doubts, *told))
    if looked.state == "committed" and not tally.new + tally.changed:
        _put_source(work.session, source)
        return replace(looked, state="unchanged")
    batch = _record_batch(work, source, looked)
    looked = replace(looked, batch_id=batch.id)
    batch.doubts = None if doubts is None else doubts.as_record()
    if looked.state == "refused":
        return looked
    with keeping_former(work.session, batch):
        return _store(work, frame, compared, looked, batch)


@dataclass(frozen=True)
class _Fitted:
    """Records as they can be stored, with what was found and told while they were fitted."""

    frame: pd.DataFrame
    defects: tuple[Defect, ...] = ()
    told: tuple[Message, ...] = ()
    repairs: tuple[OutlineRepair, ...] = ()


def _fit_communities(
    session: Session,
    frame: pd.DataFrame,
    source: Source,
    *,
    accept_far: bool,
    accept_repairs: bool,
    prefix: str | None,
    accept_codes: bool,
) -> _Fitted:
    """Refuse communities far from all others, give codes, and fit outlines to one another."""
    file = source.file_name
    strays: list[Defect] = []
    if not accept_far:
        frame, strays = refuse_strays(session, "communities", frame, file, as_given=source.middle)
    coded = give_codes(session, frame, file, prefix=prefix, accept=accept_codes)
    unnumbered = rows_of(coded.defects)
    fitted = fit_outlines(
        session, coded.frame, file, accept_repairs=accept_repairs, left_out=unnumbered
    )
    return _Fitted(
        fitted.frame,
        (*strays, *coded.defects, *fitted.defects),
        (*coded.notes, *fitted.notes),
        fitted.repairs,
    )


def _faults(
    session: Session,
    kind: str,
    frame: pd.DataFrame,
    compared: list[Compared],
    source: Source,
    *,
    accept_far: bool,
    accept_moves: bool,
) -> list[Defect]:
    """Find rows that contradict what is stored, and rows far from all of it."""
    faults: list[Defect] = []
    if compared:
        faults += find_faults(compared[0], source.file_name, accept_moves=accept_moves)
    if not accept_far and kind != "communities":
        _, strays = refuse_strays(session, kind, frame, source.file_name, as_given=source.middle)
        faults += strays
    return faults


def _looked_at(
    session: Session,
    kind: str,
    frame: pd.DataFrame,
    compared: list[Compared],
    begun: ImportOutcome,
) -> ImportOutcome:
    """Complete an outcome with what the good rows mean for what is stored."""
    is_outlines = kind == "communities"
    return replace(
        begun,
        waiting=count_waiting(session, kind, frame),
        tally=compared[0].tally(session) if compared else compare_communities(session, frame),
        stale=stale_communities(session, compared, frame if is_outlines else None),
    )


def _foresee(work: Work, kind: str, frame: pd.DataFrame) -> tuple[dict[str, int], list[Message]]:
    """Find out what storing records would settle, and store nothing."""
    if any(other.belongs_to == kind for other in KINDS.values()):
        return count_adoptable(work.session, frame[KINDS[kind].key].dropna().tolist()), []
    if kind != "communities" or frame.empty:
        return {}, []
    trial = work.session.begin_nested()
    try:
        store_communities(work.session, frame)
        return adopt_waiting(work, kind)
    finally:
        trial.rollback()


def _compare(session: Session, kind: str, frame: pd.DataFrame) -> list[Compared]:
    """Hold records against what is stored; polygons among barriers are water, too."""
    if kind == "communities":
        return []
    if kind != "barriers" or frame.empty:
        return [compare(session, kind, frame)]
    lines, water = split_water(frame)
    return [compare(session, "barriers", lines), compare(session, "land_cover", water)]


def _to_be_placed(frame: pd.DataFrame, compared: list[Compared]) -> pd.DataFrame:
    """Give the records whose place is new to the database; of the others it was asked before."""
    if not compared or frame.empty:
        return frame
    placed = compared[0].rows.index[compared[0].found.is_new | compared[0].is_moved]
    return frame[frame.index.isin(placed)]


def _without(compared: list[Compared], rows: set[int]) -> list[Compared]:
    return [c.only(~c.rows.index.isin(list(rows))) for c in compared] if rows else compared


def _store(
    work: Work,
    frame: pd.DataFrame,
    compared: list[Compared],
    looked: ImportOutcome,
    batch: ImportBatch,
) -> ImportOutcome:
    """Store what is new and changed, and bring up to date what depends on it."""
    kind, tally = looked.kind, looked.tally
    if kind == "communities":
        store_communities(work.session, frame)
    for each in compared:
        store_compared(work.session, each, batch.id, now=work.now)
    stored = tally.new + tally.changed
    batch.rows_stored, batch.misplacement = stored, as_record(looked.misplacement)
    settled, told = adopt_waiting(work, kind)
    refresh_names(work.session, kind)
    work.audit(
        f"import.{kind}",
        object_kind="import_batch",
        object_id=batch.id,
        detail={
            "file": batch.file_name,
            "rows": stored,
            "new": tally.new,
            "changed": tally.changed,
        },
    )
    doubts = (*looked.doubts, *told, *_close_demo(work.session, kind, work.now))
    return replace(looked, rows_stored=stored, settled=settled, doubts=doubts)


def _close_demo(session: Session, kind: str, now: datetime) -> list[Message]:
    """Sign out the demonstration's accounts when real people, cases or places come in."""
    if not KINDS[kind].tells_of_real:
        return []
    closed = end_demo_sessions(session, now=now) if holds_real_rows(session) else ()
    if not closed:
        return []
    return [
        Message(
            "this database holds real records now: the published passwords of the demonstration"
            " ({logins}) open nothing any more{hint}",
            logins=", ".join(closed),
            hint=CommandHint("community-grid user password LOGIN"),
        )
    ]


def _put_source(session: Session, source: Source) -> int | None:
    """Store where the data come from, or bring its notices up to date; gives its id."""
    if not source.name:
        return None
    return records.put_source(
        session,
        name=source.name,
        attribution=source.attribution,
        licence=source.licence,
        notice_zh=source.notice_zh,
        notice_en=source.notice_en,
        synthetic=source.synthetic,
    )


def _record_batch(work: Work, source: Source, looked: ImportOutcome) -> ImportBatch:
    batch = records.add_batch(
        work.session,
        kind=looked.kind,
        file_name=source.file_name,
        sha256=source.sha256,
        mapping=source.mapping or {},
        state=looked.state,
        rows_read=looked.rows_read,
        tally=vars(looked.tally)
        | {"missing_names": list(looked.tally.missing_names)}
        | {_WAITING_FOR[what]: n for what, n in looked.waiting.items()},
        source_id=_put_source(work.session, source),
        created_by=work.scope.user_id,
        created_at=work.now,
    )
    kept = [
        {
            "row_number": d.row,
            "field": d.field,
            "code": d.code,
            "message": str(d.message),
            "said": plain_message(d.message),
        }
        for d in looked.defects[:MOST_DEFECTS_KEPT]
    ]
    records.add_defects(work.session, batch.id, kept)
    return batch
