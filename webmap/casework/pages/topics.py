"""Topics of incidents: their names in both languages, their mark, and the words that mean them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.actions.casework import topics
from gis.database.engine import Session
from gis.domain.topic import CATEGORIES, TopicSketch
from gis.errors import GisError, InvalidInput
from gis.store.casework.topics import topic_rows
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.language import current_language, say
from webmap.shell.session import current_scope, current_work

blueprint = Blueprint("topics", __name__, url_prefix="/admin/topics")

MARKS = {"yes": True, "no": False, "": None}
"""What the form says of the mark; nothing decides nothing."""


@blueprint.get("/")
@allowed("import")
def index() -> str:
    """List the topics."""
    return _page()


def _page(problem: str = "") -> str:
    with transaction() as session:
        rows = topic_rows(session, current_scope())
    at = 0 if current_language() == "zh" else 1
    categories = {code: names[at] for code, names in CATEGORIES.items()}
    return render_template(
        "casework/topics.html", rows=rows, categories=categories, problem=problem
    )


@blueprint.post("/")
@allowed("import")
def add() -> Response | tuple[str, int]:
    """Add a topic."""
    sketch = _sketch(request.form.get("code", "").strip())
    return _do(lambda session: topics.add_topic(current_work(session), sketch))


@blueprint.post("/<code>")
@allowed("import")
def change(code: str) -> Response | tuple[str, int]:
    """Rename a topic, or decide about its mark."""
    sketch = _sketch(code)
    return _do(lambda session: topics.change_topic(current_work(session), sketch))


@blueprint.post("/<code>/retired")
@allowed("import")
def retire(code: str) -> Response | tuple[str, int]:
    """Retire a topic, or take it into use again."""
    retired = request.form.get("retired") == "1"
    return _do(lambda session: topics.retire_topic(current_work(session), code, retired=retired))


@blueprint.post("/<code>/words")
@allowed("import")
def add_word(code: str) -> Response | tuple[str, int]:
    """Remember a word of files that means a topic."""
    word = request.form.get("word", "")
    return _do(lambda session: topics.translate(current_work(session), word, code))


@blueprint.post("/words/forget")
@allowed("import")
def forget_word() -> Response | tuple[str, int]:
    """Forget a word."""
    word = request.form.get("word", "")
    return _do(lambda session: topics.forget(current_work(session), word))


def _sketch(code: str) -> TopicSketch:
    form = request.form
    mark = form.get("sensitive", "")
    if mark not in MARKS:
        raise InvalidInput("sensitive: expected one of {choices}", choices="yes, no")
    return TopicSketch(
        code,
        form.get("name_zh", ""),
        form.get("name_en", ""),
        form.get("category", "other"),
        MARKS[mark],
    )


def _do(action: Callable[[Session], None]) -> Response | tuple[str, int]:
    try:
        with transaction() as session:
            action(session)
    except GisError as error:
        return _page(say(error.message)), 400
    flash(_("Done."))
    return redirect(url_for("topics.index"))
