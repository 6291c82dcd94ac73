"""An extract of OpenStreetMap: outlines, barriers, land cover, buildings, addresses at once."""

from __future__ import annotations

from gis.actions.access.work import Work
from gis.actions.provenance.frame_digest import frame_digest
from gis.actions.provenance.imports import ImportOutcome, Source, import_records
from gis.errors import InvalidInput
from gis.exchange.osm import OsmData

EXTRACT_KINDS = ("communities", "barriers", "land_cover", "buildings", "addresses")
"""Kinds of records that an extract holds, in the order in which they are imported."""


def import_extract(
    work: Work,
    osm: OsmData,
    file_name: str,
    *,
    commit: bool,
    accept_far: bool = False,
    accept_repairs: bool = False,
) -> list[ImportOutcome]:
    """Import every kind of record of an extract, in one transaction.

    Returns
    -------
    list
        What came of each kind of which the extract has any; without ``commit``, what would come.

    Raises
    ------
    InvalidInput
        With ``commit``: a kind cannot be imported as it is; ``defects`` says why. The caller gives
        the whole transaction up.
    """
    outcomes = []
    for kind in EXTRACT_KINDS:
        frame = getattr(osm, kind)
        if frame.empty:
            continue
        source = Source(
            file_name,
            sha256=frame_digest(frame),
            name=file_name,
            attribution=osm.attribution,
            licence="ODbL 1.0",
        )
        outcome = import_records(
            work,
            kind,
            frame,
            source=source,
            commit=commit,
            accept_far=accept_far,
            accept_repairs=accept_repairs,
        )
        if outcome.state == "refused":
            raise InvalidInput(
                "{file}: {kind} cannot be imported", outcome.defects, file=file_name, kind=kind
            )
        outcomes.append(outcome)
    return outcomes
