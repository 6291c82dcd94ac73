"""Roles in the words of the page's language: what each is called, and what it is for."""

from __future__ import annotations

from flask_babel import gettext as _


def role_name(role: str) -> str:
    """Name a role."""
    names = {
        "administrator": _("administrator"),
        "official": _("county official"),
        "town_coordinator": _("town coordinator"),
        "planner": _("planner"),
        "community_manager": _("community manager"),
        "worker": _("grid worker"),
        "handler": _("department handler"),
        "auditor": _("auditor"),
    }
    return names.get(role, role)


def role_task(role: str) -> str:
    """Say in a line what a role is there for."""
    tasks = {
        "administrator": _("accounts, imports, topics, backups"),
        "official": _("sees statistics and maps, approves plans"),
        "town_coordinator": _("approves plans, assigns workers, places what is in doubt"),
        "planner": _("draws, redraws and publishes grids"),
        "community_manager": _("sees households masked, assigns workers, places what is in doubt"),
        "worker": _("visits the households of the own grids"),
        "handler": _("handles incidents"),
        "auditor": _("reads the audit trail and changes nothing"),
    }
    return tasks.get(role, "")
