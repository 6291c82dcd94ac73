"""The planner's pages: how the communities stand, and one community with its plans and grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from gis.domain.access import Scope
from gis.store.area.divisions import get_community
from gis.store.area.home_extent import home_extent
from gis.store.area.places import shared_digits
from gis.store.plan.balance import CommunityBalance, list_balances
from gis.store.plan.outlines import opening_bounds
from gis.store.plan.workers import list_vacancies
from gis.store.provenance.sources import list_notices
from webmap.maps.layers import UrlGeoJson
from webmap.maps.work import notices_of, work_map
from webmap.plan.words.findings import amount, border_parts, findings_of, kind_names, term_name
from webmap.plan.words.plan_view import CommunityView, view_community
from webmap.shell.access import allowed
from webmap.shell.bodies import whole_number
from webmap.shell.database import snapshot
from webmap.shell.language import current_language
from webmap.shell.session import current_scope, now

blueprint = Blueprint("planner", __name__, url_prefix="/planner")


def named(place: Any) -> str:  # noqa: ANN401  (anything with name and name_en)
    """Name a community in the language of the page."""
    return (place.name_en if current_language() == "en" else None) or place.name


def signed(share: float | None) -> str:
    """Write a deviation with its sign.

    Examples
    --------
    >>> signed(0.13), signed(-0.004), signed(None)
    ('+13%', '±0%', '–')
    """
    if share is None:
        return "–"
    whole = round(share * 100)
    return f"{whole:+d}%" if whole else "±0%"


@dataclass(frozen=True)
class Task:
    """One thing to do now: how many, what, where it leads, and what one must be allowed for it."""

    count: int
    text: str
    url: str
    permission: str
    urgent: bool = False


def list_tasks(rows: list[CommunityBalance]) -> list[Task]:
    """List what waits in an area, whoever may do it, most pressing first."""
    home = url_for("planner.index")
    out = sum(1 for r in rows if r.balance and r.balance.out_of_band)
    grids_out = sum(r.balance.out_of_band for r in rows if r.balance)
    without = sum(1 for r in rows if r.plan_id is None)
    drafts = sum(r.open_plans.get("draft", 0) for r in rows)
    submitted = sum(r.submitted_by_others for r in rows)
    approved = sum(r.open_plans.get("approved", 0) for r in rows)
    vacancies = sum(r.vacancies for r in rows)
    tasks = [
        Task(without, _("communities without a plan: draw a draft"), f"{home}?show=without",
             "plan.edit", True),
        Task(out, _("communities with grids out of band (%(n)s grids)", n=grids_out),
             f"{home}?show=out", "plan.edit", True),
        Task(approved, _("approved plans to publish"), f"{home}?show=approved", "plan.publish",
             True),
        Task(submitted, _("submitted plans to approve"), f"{home}?show=submitted", "plan.approve"),
        Task(drafts, _("drafts to finish and submit"), f"{home}?show=draft", "plan.edit"),
        Task(vacancies, _("grids without a worker"), url_for("planner.vacancies"),
             "worker.assign"),
    ]  # fmt: skip
    return [task for task in tasks if task.count]


def tasks_of(scope: Scope, waiting: list[Task]) -> list[Task]:
    """Leave of what waits what a person may do."""
    return [task for task in waiting if scope.may(task.permission)]


_SHOWN = {
    "without": lambda r: r.plan_id is None,
    "out": lambda r: bool(r.balance and r.balance.out_of_band),
    "approved": lambda r: bool(r.open_plans.get("approved")),
    "submitted": lambda r: bool(r.submitted_by_others),
    "draft": lambda r: bool(r.open_plans.get("draft")),
}


@blueprint.get("/")
@allowed("plan.view")
def index() -> str:
    """Show what to do now and how the communities stand, beside their map."""
    scope = current_scope()
    with snapshot() as session:
        rows = list_balances(session, scope, today=now().date())
        extent = home_extent(session, scope)
        sources = list_notices(session)
    waiting = list_tasks(rows)
    show, place = request.args.get("show", ""), request.args.get("place", "")
    layers = [
        UrlGeoJson("grids", _("Grids"), "/api/v1/planning/grids", style="grid", group="work",
                   names="grid"),
        UrlGeoJson("communities", _("Communities"), "/api/v1/planning/communities",
                   style="community", interactive=False, names="community", mask=True),
    ]  # fmt: skip
    inside = [r for r in rows if r.code.startswith(shared_digits(place))]
    shown = [r for r in inside if _SHOWN.get(show, lambda _row: True)(r)]
    data = {"shown": [r.code for r in shown], "filtered": len(shown) < len(rows)}
    bounds = None if extent is None else extent.bounds
    shell = work_map(layers, bounds=bounds, page="plan/pages/planner", data=data, sources=sources)
    return render_template(
        "plan/index.html",
        shell=shell,
        rows=shown,
        n_all=len(rows),
        show=show or len(inside) < len(rows),
        place=place or None,
        tasks=tasks_of(scope, waiting),
        waiting=waiting,
        total=_total(rows),
        named=named,
        signed=signed,
        notices=notices_of(sources),
        outside=() if extent is None else extent.outside,
    )


def _total(rows: list[CommunityBalance]) -> dict[str, int]:
    return {
        "households": sum(r.households for r in rows),
        "people": sum(r.people for r in rows),
        "grids": sum(r.balance.n_grids for r in rows if r.balance),
    }


@blueprint.get("/vacancies")
@allowed("plan.view")
def vacancies() -> str:
    """List the grids that have no worker."""
    with snapshot() as session:
        rows = list_vacancies(session, current_scope(), today=now().date())
    return render_template("plan/vacancies.html", rows=rows, named=named)


@blueprint.get("/community/<code>")
@allowed("plan.view")
def community(code: str) -> str:
    """Show one community: its plans, the grids of the chosen one, and the steps open to it."""
    scope = current_scope()
    with snapshot() as session:
        found = get_community(session, scope, code)
        view = view_community(session, scope, found, whole_number(request.args, "plan"))
        bounds = opening_bounds(session, scope, view.community.id)
        sources = list_notices(session)
    data = {
        "community": code,
        "plan": view.plan.id if view.plan else None,
        "minimum": view.community.minimum,
        "maximum": view.community.maximum,
        "target": view.community.target,
        "drawing": view.drawing.id if view.drawing else None,
        "kinds": kind_names(),
        "name": view.plan.name if view.plan else None,
    }
    shell = work_map(
        _community_layers(view),
        bounds=bounds,
        page="plan/pages/community",
        data=data,
        sources=sources,
    )
    return render_template(
        "plan/community.html",
        shell=shell,
        view=view,
        place=code,
        named=named,
        signed=signed,
        today=now().date(),
        amount=amount,
        border_parts=border_parts,
        findings_of=findings_of,
        term_name=term_name,
        state_name=state_name,
        redraw=_redraw_address(view),
        notices=notices_of(sources),
    )


def _redraw_address(view: CommunityView) -> str | None:
    """Give the address of the page on which the plan shown is redrawn, where it can be."""
    editable = view.plan is not None and view.plan.state == "draft" and not view.is_rebuilt
    if not editable or not current_scope().may("plan.edit"):
        return None
    return url_for("redraw.edit", plan_id=view.plan.id)


def _community_layers(view: CommunityView) -> list[UrlGeoJson]:
    layers = []
    if view.plan is not None:
        at = f"/api/v1/plans/{view.plan.id}"
        layers += [
            UrlGeoJson("blocks", _("Blocks by households"), f"{at}/blocks", style="block",
                       group="work"),
            UrlGeoJson("grids", _("Grids"), f"{at}/grids", style="grid", group="work",
                       names="grid"),
        ]  # fmt: skip
    outlines = "/api/v1/planning/communities"
    layers.append(
        UrlGeoJson("communities", _("Communities"), outlines, style="community",
                   interactive=False, names="community", mask=view.community.code)
    )  # fmt: skip
    return layers


def state_name(state: str) -> str:
    """Name the state of a plan."""
    names = {
        "draft": _("draft"),
        "submitted": _("submitted"),
        "approved": _("approved"),
        "announced": _("announced"),
        "published": _("in force"),
        "superseded": _("superseded"),
        "retired": _("put away"),
    }
    return names.get(state, state)
