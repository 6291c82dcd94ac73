"""The list of checks of a plan in the words of the page's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from gis.actions.plan.plan_checks import PlanCheck
from gis.geometry.quality import Check
from gis.geometry.quality.check import Box


@dataclass(frozen=True)
class CheckTold:
    """How one rule stands in a plan, in numbers and in words.

    Parameters
    ----------
    name
        What the rule asks of a plan.
    grid
        Code of the grid it was looked at in; null for the whole plan.
    figure
        What was measured; null where the ground to judge by is missing.
    least, most
        What is allowed; null for no limit.
    found, allowed
        Figure and limits in words.
    holds
        Null where it could not be judged.
    must_hold
        Whether the plan cannot be handed in without.
    place
        Where to look: west, south, east, north.
    """

    rule: str
    name: str
    grid: str | None
    figure: float | None
    least: float | None
    most: float | None
    unit: str
    found: str
    allowed: str
    holds: bool | None
    must_hold: bool
    place: Box | None


def rule_name(rule: str) -> str:
    """Name a rule as what is asked of a plan."""
    names = {
        "cover": _("Everything is in exactly one grid"),
        "empty": _("Every grid has blocks"),
        "connected": _("Every grid is in one piece"),
        "building_cut": _("No building is cut"),
        "compound_cut": _("No compound is cut"),
        "band": _("Size within the band"),
        "locks": _("Locked grids are as they were"),
        "exclusive": _("Exclusive ground is a grid of its own"),
        "unreachable": _("No part is cut off by a river, railway or motorway"),
        "straddled": _("No river, railway or motorway inside"),
        "enclave": _("No grid is shut in by another"),
        "neck": _("No narrow neck"),
    }
    return names[rule]


def as_told(found: PlanCheck) -> CheckTold:
    """Give a check as the page shows it and the interface tells it."""
    check = found.check
    return CheckTold(
        rule=check.rule,
        name=rule_name(check.rule),
        grid=found.code,
        figure=check.figure,
        least=check.least,
        most=check.most,
        unit=check.unit,
        found="" if check.figure is None else _amount(check, check.figure),
        allowed=_allowed(check),
        holds=check.holds,
        must_hold=check.must_hold,
        place=check.place,
    )


def _allowed(check: Check) -> str:
    if check.least is not None and check.most is not None:
        return f"{_plain(check.least)}–{_amount(check, check.most)}"
    if check.least is not None:
        return _("at least %(amount)s", amount=_amount(check, check.least))
    if not check.most:
        return _("none")
    return _("at most %(amount)s", amount=_amount(check, check.most))


def _plain(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _amount(check: Check, number: float) -> str:
    """Write a figure with its unit."""
    if check.unit == "share":
        return f"{number:.0%}"
    units: dict[str, Callable[[], str]] = {
        "m2": lambda: _("%(n)s m²", n=_plain(number)),
        "m": lambda: _("%(n)s m", n=_plain(number)),
        "parts": lambda: _("%(n)s stray parts", n=_plain(number)),
        "blocks": lambda: _("%(n)s blocks", n=_plain(number)),
        "grids": lambda: _("%(n)s other grids", n=_plain(number)),
        "groups": lambda: _("%(n)s groups", n=_plain(number)),
        "households": lambda: _("%(n)s households", n=_plain(number)),
        "people": lambda: _("%(n)s people", n=_plain(number)),
        "workload": lambda: _("%(n)s units of workload", n=_plain(number)),
    }
    return units[check.unit]()
