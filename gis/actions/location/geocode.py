"""Geocoding runs: address text and coordinates to a point, its community and its block.

A run goes through the records in the order of their ids, a chunk at a time, and is stored: when
it is interrupted the next one goes on where it stopped. A run after another asks again only for
what a change of the register can have reached (`gis.address.reach`), and for what is not settled.
What a person has decided always stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.location.answers import answer_records
from gis.actions.location.coordinate_check import check_subject
from gis.actions.location.locate import place_points
from gis.actions.location.register import LoadedRegister, load_register
from gis.actions.location.search import refresh_records, refresh_search
from gis.actions.plan.block_loads import count_blocks
from gis.address.reach import is_reached, reach_of, reaches_everything
from gis.domain.access import Scope, require
from gis.domain.kinds import KINDS
from gis.errors import Conflict
from gis.store.location import locations, registers, runs
from gis.store.tables import GeocodeRun

CHUNK = 20_000
"""Records that are located in one go."""


@dataclass(frozen=True)
class GeocodeOutcome:
    """How geocoding went: records asked about, and counts by status and by level.

    ``kept`` are the records that the run passed over, because nothing can have changed for them.
    """

    subject: str
    total: int
    accepted: int
    review: int
    unmatched: int
    by_level: dict[str, int]
    kept: int = 0
    changed: int = 0
    run_id: int | None = None


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
    refresh_search(session)
    return len(waiting)


def locate_accepted(work: Work) -> int:
    """Give accepted records that lie in no block the one at their point; returns how many remain.

    Their place is settled, by the register or by a person, so nothing is asked again.
    """
    remain, found = 0, 0
    for subject in locations.SUBJECTS:
        waiting = locations.without_block(work.session, subject)
        if waiting.empty:
            continue
        lon, lat = waiting["lon"].to_numpy(float), waiting["lat"].to_numpy(float)
        placed = place_points(work.session, work.scope, lon, lat)
        inside = np.flatnonzero(~pd.isna(placed.block_id))
        locations.write_blocks(
            work.session,
            subject,
            waiting["id"].iloc[inside].tolist(),
            placed.community_id[inside],
            placed.block_id[inside],
        )
        found += len(inside)
        remain += len(waiting) - len(inside)
    if found:
        count_blocks(work.session, now=work.now)
    return remain


def geocode_subject(
    work: Work,
    subject: str,
    *,
    everything: bool = False,
    batch_id: int | None = None,
    register: LoadedRegister | None = None,
) -> GeocodeOutcome:
    """Locate households, incidents or places in one transaction, and count them by block anew.

    Parameters
    ----------
    subject
        ``households``, ``incidents`` or ``places``.
    everything
        Also what was located before and what no change can have reached.
    batch_id
        Only the records of this import, all of them.
    register
        Loaded when None.

    Raises
    ------
    NotAllowed
        The person may not import.
    """
    register = register or load_register(work.session, now=work.now)
    run = begin_run(work, subject, register, everything=everything, batch_id=batch_id)
    while not run_next_chunk(work, run, register):
        pass
    return outcome_of(work.session, run)


def begin_run(
    work: Work,
    subject: str,
    register: LoadedRegister,
    *,
    everything: bool = False,
    batch_id: int | None = None,
) -> int:
    """Begin a run, or find the interrupted one that is to be gone on with; gives its id.

    Raises
    ------
    NotAllowed
        The person may not import.
    """
    require(work.scope, "import")
    baseline = None if everything or batch_id else runs.last_version(work.session, subject)
    open_run = runs.find_running(work.session, subject) if batch_id is None else None
    if open_run is not None:
        if open_run.version == register.version and open_run.baseline == baseline:
            return open_run.id
        runs.abandon(work.session, open_run, now=work.now)
    run = runs.add_run(
        work.session,
        now=work.now,
        subject=subject,
        version=register.version,
        baseline=baseline,
        everything=everything,
        import_batch_id=batch_id,
        asked_by=work.scope.user_id,
        total=locations.count_undecided(work.session, subject, import_batch_id=batch_id),
    )
    return run.id


def _at_once(function: Callable[..., pd.DataFrame], *given: object) -> pd.DataFrame:
    return function(*given)


def run_next_chunk(
    work: Work,
    run_id: int,
    register: LoadedRegister,
    *,
    chunk_size: int = CHUNK,
    compute: Callable[..., pd.DataFrame] = _at_once,
) -> bool:
    """Do the next chunk of a run; says whether the run is finished.

    Parameters
    ----------
    compute
        Calls what takes long, with what it is given.

    Raises
    ------
    Conflict
        The register has changed since the run began: begin another.
    """
    require(work.scope, "import")
    run = runs.lock_run(work.session, run_id)
    if run.state != "running":
        return True
    if run.version != register.version:
        raise Conflict("the address register has changed; start geocoding again")
    records = locations.read_chunk(
        work.session,
        run.subject,
        after=run.reached,
        import_batch_id=run.import_batch_id,
        limit=chunk_size,
    )
    asked = records[_to_be_asked(work.session, run, records)].reset_index(drop=True)
    found = compute(answer_records, work.session, asked, register)
    changed = locations.write_locations(work.session, run.subject, found, work.now, run_id=run.id)
    runs.advance(
        work.session,
        run,
        reached=records["id"].iloc[-1] if len(records) else None,
        seen=len(records),
        changed=changed,
        by_status=Counter(found["status"].tolist()),
        by_level=Counter(found["level"].tolist()),
        now=work.now,
    )
    if len(records) == chunk_size:
        return False
    _finish(work, run)
    return True


def _finish(work: Work, run: GeocodeRun) -> None:
    runs.finish(work.session, run, now=work.now)
    count_blocks(work.session, now=work.now, kinds=(run.subject,))
    check_subject(work.session, run.subject)
    if KINDS[run.subject].found_by_name:
        refresh_records(work.session)
    work.audit(
        f"geocode.{run.subject}",
        detail={"run": run.id, "rows": run.located, "changed": run.changed},
    )


def _to_be_asked(session: Session, run: GeocodeRun, records: pd.DataFrame) -> np.ndarray:
    """Say which records a run must ask the register about; (n,) bool."""
    if run.baseline is None or records.empty:
        return np.ones(len(records), bool)
    asked = (records["is_new"] | records["without_block"]).to_numpy(bool)
    if run.baseline == run.version:
        return asked
    changed = registers.changed_keys(session, run.baseline)
    if reaches_everything(changed):
        return np.ones(len(records), bool)
    live = registers.live_keys(session)
    asked = asked | (records["status"] != "accepted").to_numpy(bool)
    rest = np.flatnonzero(~asked)
    texts, codes = records["address_text"].iloc[rest], records["evidence"].iloc[rest]
    asked[rest] = [
        is_reached(reach_of(t), c, changed, live) for t, c in zip(texts, codes, strict=True)
    ]
    return asked


def outcome_of(session: Session, run_id: int) -> GeocodeOutcome:
    """Give the counts of a run."""
    run = runs.lock_run(session, run_id)
    return GeocodeOutcome(
        subject=run.subject,
        total=run.located,
        accepted=run.by_status.get("accepted", 0),
        review=run.by_status.get("review", 0),
        unmatched=run.by_status.get("none", 0),
        by_level=dict(sorted(run.by_level.items(), key=lambda item: -item[1])),
        kept=run.seen - run.located,
        changed=run.changed,
        run_id=run.id,
    )
