"""What was measured and found about a grid, in the words of the page's language.

Reasons are worded from the rule and the figures that were stored with the grid; a plan drawn
before figures were kept shows the English sentence that was stored then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from gis.geometry.quality import BARRIER_KINDS

LEAST_SHARE = 0.005


@dataclass(frozen=True)
class Finding:
    """One thing that is odd about a grid: its name, and why."""

    rule: str
    name: str
    reason: str


@dataclass(frozen=True)
class BorderPart:
    """A share of a grid's border along one kind of barrier; kind ``open`` follows none."""

    kind: str
    name: str
    share: float


def kind_names() -> dict[str, str]:
    """Name the kinds of barrier, and open ground."""
    return {
        "river": _("river"),
        "rail": _("railway"),
        "motorway": _("motorway"),
        "main_road": _("main road"),
        "wall": _("wall"),
        "minor_road": _("minor road"),
        "path": _("path"),
        "open": _("open ground"),
    }


def border_parts(grid: Any) -> list[BorderPart]:  # noqa: ANN401  (a row of a query)
    """List what the border of a grid with other grids follows, strongest first, open last.

    Empty for the only grid of a community, and where it was never measured.
    """
    shares, barred = grid.border_shares or {}, grid.barrier_share
    if barred is None or not grid.border_m or (barred > 0 and not shares):
        return []
    names = kind_names()
    parts = [BorderPart(k, names[k], shares[k]) for k in BARRIER_KINDS if shares.get(k)]
    parts.append(BorderPart("open", names["open"], max(0.0, 1 - sum(shares.values()))))
    return [part for part in parts if part.share >= LEAST_SHARE]


def findings_of(grid: Any) -> list[Finding]:  # noqa: ANN401  (a row of a query)
    """List what is odd about a grid."""
    reasons = grid.reasons if isinstance(grid.reasons, dict) else {}
    figures = grid.figures if isinstance(grid.figures, dict) else {}
    return [
        Finding(rule, name_of(rule), _reason(rule, figures.get(rule)) or str(reasons.get(rule, "")))
        for rule in grid.flags or []
    ]


def name_of(rule: str) -> str:
    """Name a rule; one that is not known keeps its own name."""
    names = {
        "below_minimum": _("too small"),
        "above_maximum": _("too large"),
        "oversize": _("one block too large"),
        "no_households": _("no households"),
        "several_parts": _("several parts"),
        "straddles": _("cut by a barrier"),
        "thin": _("long or ragged"),
    }
    return names.get(rule, rule.replace("_", " "))


def amount(number: float, measure: str) -> str:
    """Write how many of what, as a sentence needs it."""
    n = f"{number:,.0f}"
    if measure == "people":
        return _("%(n)s people", n=n)
    if measure == "workload":
        return _("%(n)s units of workload", n=n)
    return _("%(n)s households", n=n)


def _reason(rule: str, figures: dict | None) -> str:
    """Word a rule from its figures; nothing when they lack what the sentence needs."""
    write = _SENTENCES.get(rule)
    if write is None or figures is None:
        return ""
    try:
        return write(figures)
    except (KeyError, TypeError, ValueError):
        return ""


def _out_of_band(f: dict) -> str:
    measure = f["measure"]
    has, limit = amount(f["weight"], measure), f"{f['limit']:,.0f}"
    if f["weight"] < f["limit"]:
        first = _("The grid has %(has)s; the minimum is %(limit)s.", has=has, limit=limit)
    else:
        first = _("The grid has %(has)s; the maximum is %(limit)s.", has=has, limit=limit)
    total = amount(f["total"], measure)
    if f["cause"] == "small_community":
        why = _("The whole community has only %(total)s.", total=total)
    elif f["cause"] == "between_bands":
        why = _("No number of grids of %(min)s–%(max)s can make up %(total)s.",
                min=f"{f['minimum']:,.0f}", max=f"{f['maximum']:,.0f}", total=total)  # fmt: skip
    elif f["cause"] == "proven":
        why = _("Every division of these blocks was looked at; none is inside the band.")
    else:
        why = _("No division of these blocks inside the band was found; this is the nearest one.")
    return f"{first} {why}"


def _oversize(f: dict) -> str:
    return _("One block alone has %(has)s, above the maximum of %(limit)s; a block is never cut.",
             has=amount(f["largest"], f["measure"]), limit=f"{f['limit']:,.0f}")  # fmt: skip


def _no_households(f: dict) -> str:
    if f["measure"] == "people":
        return _("Nobody lives in this community; it is one grid.")
    return _("There are no households in this community; it is one grid.")


def _several_parts(f: dict) -> str:
    return _("The grid has %(n)s parts, because the community has exclaves.", n=f["parts"])


def _straddles(f: dict) -> str:
    return _("A %(barrier)s runs through the grid for %(length)s m and no way leads across it"
             " inside the grid; %(beyond)s live on the other side.",
             barrier=kind_names()[f["kind"]], length=f"{f['length_m']:,.0f}",
             beyond=amount(f["cut_off"], f["measure"]))  # fmt: skip


def _thin(f: dict) -> str:
    return _("The grid is long or ragged: its compactness is %(value)s, a circle has 1.",
             value=f"{f['compactness']:.2f}")  # fmt: skip


_SENTENCES = {
    "below_minimum": _out_of_band,
    "above_maximum": _out_of_band,
    "oversize": _oversize,
    "no_households": _no_households,
    "several_parts": _several_parts,
    "straddles": _straddles,
    "thin": _thin,
}


def term_name(term: str) -> str:
    """Name a term of the objective; one that is not known keeps its own name."""
    names = {
        "out_of_band": _("Outside the band"),
        "border": _("Border, by what it follows"),
        "balance": _("Balance of households"),
        "balance_households": _("Balance of households"),
        "balance_people": _("Balance of people"),
        "balance_workload": _("Balance of workload"),
        "compactness": _("Compactness"),
        "stability": _("Households that change grid"),
        "straddling": _("Barriers through grids"),
        "total": _("Sum"),
    }
    return names.get(term, term.replace("_", " "))
