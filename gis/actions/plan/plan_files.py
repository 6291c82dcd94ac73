"""Plans as files: maps, block tables, codes with their history, a report. No person is in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.domain.access import Scope
from gis.errors import InvalidInput
from gis.exchange.map_files import write_geojson, write_shapefiles
from gis.exchange.report_file import write_report
from gis.exchange.writers import write_geopackage, write_table
from gis.store.area.divisions import known_unit
from gis.store.plan import plan_codes, plan_export
from gis.store.plan.plans import get_plan
from gis.store.provenance.sources import list_notices
from gis.store.tables import Plan

FORMATS = ("gpkg", "geojson", "shp", "csv", "xlsx", "json")
CONTENTS = ("grids", "blocks", "codes")
_FORMAT_OF = {".zip": "shp", ".shp": "shp"} | {f".{f}": f for f in FORMATS if f != "shp"}
_SUFFIX_OF = {"shp": "zip"}


@dataclass(frozen=True)
class Wanted:
    """What of a plan goes into a file, and how: one of `FORMATS`, one of `CONTENTS` or None."""

    format: str
    content: str | None = None

    @property
    def suffix(self) -> str:
        """Give the ending of the file's name, without the point."""
        return _SUFFIX_OF.get(self.format, self.format)


def read_wanted(path: Path, format: str | None = None, content: str | None = None) -> Wanted:
    """Tell from a path and wishes what is to be written.

    Without ``content`` a map file holds what it can (grids and blocks; GeoJSON the grids), a
    table the blocks with their grid, JSON the report of the whole plan.

    Raises
    ------
    InvalidInput
        An unknown ending, format or content, or a map of codes.

    Examples
    --------
    >>> read_wanted(Path("plan.zip")), read_wanted(Path("codes.csv"), content="codes").content
    (Wanted(format='shp', content=None), 'codes')
    """
    chosen = format or _FORMAT_OF.get(path.suffix.lower())
    if chosen not in FORMATS:
        raise InvalidInput(
            "{file}: a plan is written as .gpkg, .geojson, .zip (Shapefiles), "
            ".csv, .xlsx or .json; rename it, or choose a format: {formats}",
            file=path.name,
            formats=", ".join(FORMATS),
        )
    if content is not None and content not in CONTENTS:
        raise InvalidInput(
            "content “{content}”: expected one of {contents}",
            content=content,
            contents=", ".join(CONTENTS),
        )
    if content == "codes" and chosen in ("gpkg", "geojson", "shp"):
        raise InvalidInput("codes have no shapes; write them as csv, xlsx or json")
    return Wanted(chosen, content)


def export_plan(
    work: Work,
    plan_id: int,
    path: Path,
    wanted: Wanted,
) -> None:
    """Write a plan to a file, whole or not at all.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to look at plans.
    InvalidInput
        The path cannot be written.
    """
    plan = get_plan(work.session, work.scope, plan_id)
    if wanted.format in ("gpkg", "shp", "geojson"):
        _write_map(work.session, work.scope, plan_id, path, wanted)
    elif wanted.format == "json" and wanted.content is None:
        write_report(path, plan_report(work.session, work.scope, plan_id))
    else:
        frame = plan_table(work.session, work.scope, plan_id, wanted.content or "blocks")
        write_table(path, frame, format=wanted.format)
    work.audit(
        "plan.export",
        object_kind="plan",
        object_id=plan_id,
        community_id=plan.community_id,
        detail={"format": wanted.format, "content": wanted.content},
    )


def _write_map(session: Session, scope: Scope, plan_id: int, path: Path, wanted: Wanted) -> None:
    layers = plan_export.plan_layers(session, scope, [plan_id])
    if wanted.format == "geojson":
        write_geojson(path, layers[wanted.content or "grids"])
        return
    chosen = {k: v for k, v in layers.items() if wanted.content in (None, k)}
    (write_geopackage if wanted.format == "gpkg" else write_shapefiles)(path, chosen)


def plan_table(session: Session, scope: Scope, plan_id: int, content: str) -> pd.DataFrame:
    """Give the grids, the blocks with their grid, or the codes of a plan as a table."""
    if content == "codes":
        rows = plan_codes.list_lineage(session, scope, plan_id)
        return pd.DataFrame(rows, columns=list(plan_codes.COLUMNS), dtype=object)
    frame: gpd.GeoDataFrame = plan_export.plan_layers(session, scope, [plan_id])[content]
    return pd.DataFrame(frame.drop(columns="geometry"))


def plan_report(session: Session, scope: Scope, plan_id: int) -> dict:
    """Sum up a plan: what it is, what was asked for, what was measured, its grids and codes."""
    plan = get_plan(session, scope, plan_id)
    unit = known_unit(session, plan.community_id)
    return {
        "community": {"code": unit.code, "name": unit.name, "name_en": unit.name_en},
        "plan": _described(plan),
        "grids": plan_export.grid_rows(session, scope, plan_id),
        "codes": plan_codes.list_lineage(session, scope, plan_id),
        "sources": [
            {"name": s.name, "attribution": s.attribution, "licence": s.licence}
            for s in list_notices(session)
        ],
    }


def _described(plan: Plan) -> dict:
    names = ("id", "name", "state", "edition", "parent_id", "effective_from", "effective_to")
    told = {name: getattr(plan, name) for name in names}
    return told | {"asked": plan.parameters, "quality": plan.quality}
