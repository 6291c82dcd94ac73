"""The guide of a role: what the person comes for and how it is done, in the page's language."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, redirect, render_template, send_from_directory, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

import webmap
from gis.errors import NotFound
from webmap.access.words.guide_text import guide_html
from webmap.shell.access import signed_in
from webmap.shell.language import current_language
from webmap.shell.session import current_scope

blueprint = Blueprint("guide", __name__, url_prefix="/help")

_PACKAGE = Path(webmap.__file__).parent
_INSTALLED = _PACKAGE / "guide"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "docs" / "guide"
"""Beside the code in a clone, inside the package once installed."""

GUIDES = {
    "planner": _l("Planner"),
    "official": _l("Official"),
    "manager": _l("Manager"),
    "worker": _l("Worker"),
    "administrator": _l("Administrator"),
}
"""The guides there are; each is a file of its name in the folder of each language."""

DAY_S = 24 * 60 * 60

GUIDE_OF_ROLE = {
    "planner": "planner",
    "official": "official",
    "town_coordinator": "manager",
    "community_manager": "manager",
    "worker": "worker",
    "handler": "manager",
    "administrator": "administrator",
    "auditor": "administrator",
}
"""The guide that each role begins with."""


@blueprint.get("")
@signed_in
def index() -> Response:
    """Go to the guide of the person's role."""
    own = [GUIDE_OF_ROLE[role] for role in GUIDE_OF_ROLE if role in current_scope().roles]
    return redirect(url_for("guide.show", guide=own[0] if own else "planner"))


@blueprint.get("/<guide>")
@signed_in
def show(guide: str) -> str:
    """Show a guide."""
    if guide not in GUIDES:
        raise NotFound("there is no such page")
    text = (FOLDER / current_language() / f"{guide}.md").read_text("utf-8")
    html = guide_html(text, lambda name: url_for("guide.picture", name=name))
    return render_template("access/guide.html", guide=guide, guides=GUIDES, text=html)


@blueprint.get("/pictures/<name>")
@signed_in
def picture(name: str) -> Response:
    """Give a picture of the guides."""
    return send_from_directory(FOLDER / "pictures", name, max_age=DAY_S)
