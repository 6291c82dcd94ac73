"""All sheets of a plan as one page of HTML that stands on its own and prints true to scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import geopandas as gpd
from flask import render_template
from flask_babel import gettext as _

from gis.database.engine import Session
from gis.errors import NotFound
from gis.store.plan.sheets import SheetGround
from gis.store.provenance.sources import Source, list_notices
from webmap.maps.work import notices_of
from webmap.plan.sheets.ground import MapGround
from webmap.plan.sheets.paper import FOOT_MM, MARGIN_MM, PAPERS, TITLE_MM
from webmap.plan.sheets.sheet import Sheet, Surroundings, grid_sheet, overview_sheet
from webmap.plan.words.findings import border_parts
from webmap.shell.language import current_language
from webmap.shell.presentation import grouped
from webmap.shell.tokens import root_rule

ROW_MM = 6.6
"""Height of a row of the list of grids."""

WORDS_MM = 36.0
"""Room under the list for what must be told of the data."""


PARTS = ("overview", "list", "grid")
"""Kinds of pages, in their order."""


@dataclass(frozen=True)
class SheetWish:
    """Which sheets are asked for: the paper, which kinds of pages, the codes of grids (none: all).

    With codes there are only the sheets of these grids.
    """

    paper: str = "A4"
    codes: tuple[str, ...] = ()
    parts: tuple[str, ...] = PARTS


@dataclass(frozen=True)
class Page:
    """One page: its number, what kind it is, and what stands on it."""

    number: int
    kind: str
    sheet: Sheet | None = None
    rows: Sequence[Any] = ()


def sheets_html(session: Session, read: SheetGround, wish: SheetWish, *, today: date) -> str:
    """Write the sheets of a plan in the language of the request.

    Raises
    ------
    NotFound
        A code is none of a grid of the plan, or the plan has no grids.
    InvalidInput
        Unknown paper, or ground too large for it.
    """
    around = surroundings_of(read)
    pages = list(number_pages(around, wish))
    sources = list_notices(session)
    return render_template(
        "plan/sheet.html",
        tokens=root_rule(),
        pages=pages,
        read=read,
        paper=wish.paper,
        sizes=PAPERS[wish.paper],
        place=[_named(unit) for unit in read.units],
        today=today,
        facts_of=facts_of,
        attributions=_lines(sources),
        page_of={p.sheet.row.code: p.number for p in pages if p.sheet and p.kind == "grid"},
    )


def surroundings_of(read: SheetGround) -> Surroundings:
    """Bring everything into the metres of the community, with the names of this language."""
    if read.grids.empty:
        raise NotFound("this plan has no grids to draw")
    crs = f"EPSG:{read.units[-1].metric_epsg or 3857}"
    layers = {name: frame.to_crs(crs) for name, frame in read.layers.items()}
    return Surroundings(
        MapGround(**layers),
        _known(read.grids).to_crs(crs),
        _with_names(read.around).to_crs(crs),
        _with_names(read.communities).to_crs(crs),
        read.units[-1].id,
    )


def _known(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Write None for what is missing."""
    columns = ["name", "worker"]
    plain = {c: frame[c].astype(object).where(frame[c].notna(), None) for c in columns}
    return frame.assign(**plain)


def _with_names(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    english = current_language() == "en"
    names = frame["name_en"].where(frame["name_en"].notna(), frame["name"])
    return frame.assign(shown=names if english else frame["name"])


def _named(unit: Any) -> str:  # noqa: ANN401  (anything with name and name_en)
    return (unit.name_en if current_language() == "en" else None) or unit.name


def number_pages(around: Surroundings, wish: SheetWish) -> Iterator[Page]:
    """Give the pages in order: overview, list of grids, one sheet for each grid."""
    codes = around.grids["code"].tolist()
    missing = [code for code in wish.codes if code not in codes]
    if missing:
        raise NotFound(
            "{grid} is no grid of this plan; its grids are {codes}",
            grid=missing[0],
            codes=", ".join(codes),
        )
    pages = [] if wish.codes else list(_front_pages(around, wish))
    for number, page in enumerate(pages, 1):
        yield replace(page, number=number)
    places = [n for n, code in enumerate(codes) if code in (wish.codes or codes)]
    for number, place in enumerate(places if "grid" in wish.parts else (), len(pages) + 1):
        yield Page(number, "grid", grid_sheet(around, place, paper=wish.paper))


def _front_pages(around: Surroundings, wish: SheetWish) -> Iterator[Page]:
    rows = list(around.grids.drop(columns="geometry").itertuples())
    if "overview" in wish.parts:
        yield Page(0, "overview", overview_sheet(around, paper=wish.paper), rows)
    room = PAPERS[wish.paper][1] - 2 * MARGIN_MM - TITLE_MM - FOOT_MM - WORDS_MM - ROW_MM
    most = int(room // ROW_MM)
    for begin in range(0, len(rows) if "list" in wish.parts else 0, most):
        yield Page(0, "list", None, rows[begin : begin + most])


def facts_of(page: Page, *, in_force: bool) -> list[tuple[str, str]]:
    """List what is told beside a map: name and value; a draft has no vacancies."""
    if page.sheet is None or page.sheet.row is None:
        return [
            (_("Grids"), grouped(len(page.rows))),
            (_("Households"), grouped(sum(r.households for r in page.rows))),
            (_("People"), grouped(sum(r.people for r in page.rows))),
            (_("Area, ha"), grouped(sum(r.area_m2 for r in page.rows) / 10_000, 1)),
        ]
    row = page.sheet.row
    facts = [
        (_("Worker"), row.worker or (_("vacant") if in_force else "–")),
        (_("Households"), grouped(row.households)),
        (_("People"), grouped(row.people)),
        (_("Area, ha"), grouped(row.area_m2 / 10_000, 1)),
    ]
    follows = [f"{part.name} {part.share:.0%}" for part in border_parts(row)]
    return [*facts, (_("Border along"), _(", ").join(follows))] if follows else facts


def _lines(sources: Sequence[Source]) -> list[str]:
    """Give what must be told of the data: attributions, then notices."""
    attributions = [source.attribution for source in sources if source.attribution]
    return [*dict.fromkeys(attributions), *notices_of(sources)]
