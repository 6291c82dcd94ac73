"""What a person may be allowed to do, and which roles allow it."""

from __future__ import annotations

PERMISSIONS = {
    "user.manage": "add accounts, give and take their rights, set the platform's time zone",
    "import": "bring in records and ground, correct them as a whole, keep the list of topics",
    "plan.view": "see the plans of the area, their grids, figures and history",
    "plan.edit": "draw, branch, edit and hand in plans of the area",
    "plan.approve": "approve plans of others, or return them",
    "plan.publish": "put approved plans in force, announce or withdraw them",
    "worker.assign": "say who looks after a grid, and until when",
    "statistics.view": "see statistics and maps of the area",
    "household.view": "see the households of the area, masked",
    "household.view_own_grid": "see the households of the own grids, in clear",
    "register.view": "see the registers of places and bodies of the area, without persons",
    "review.decide": "place records of the area that the geocoder could not",
    "incident.handle": "handle the incidents of the area",
    "audit.view": "read the audit trail",
    "backup.make": "make backups of the whole database, and see which there are",
}
"""Every permission, and what it allows."""

PERMISSIONS_OF_ROLE = {
    "administrator": {
        "user.manage",
        "backup.make",
        "import",
        "plan.view",
        "worker.assign",
        "statistics.view",
        "audit.view",
    },
    "official": {"statistics.view", "plan.view", "plan.approve", "register.view"},
    "town_coordinator": {
        "statistics.view",
        "plan.view",
        "plan.approve",
        "worker.assign",
        "register.view",
        "review.decide",
    },
    "planner": {"statistics.view", "plan.view", "plan.edit", "plan.publish"},
    "community_manager": {
        "statistics.view",
        "plan.view",
        "household.view",
        "register.view",
        "review.decide",
        "worker.assign",
    },
    "worker": {"household.view_own_grid"},
    "handler": {"incident.handle"},
    "auditor": {"audit.view"},
}
"""Permissions of each role. No role has all of them; nobody approves what he submitted."""
