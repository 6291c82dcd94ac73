"""Errors as answers: the one family of refusals by its status, everything else without a trace."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from msgspec import UNSET
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from gis.errors import DatabaseUnavailable, GisError, status_of
from gis.failures import account_of
from webmap.shell.access import wants_json
from webmap.shell.answers import Refusal, json_answer
from webmap.shell.language import say, say_defect


def install(app: Flask) -> None:
    """Answer refusals, HTTP errors and mistakes of our own."""
    app.register_error_handler(GisError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    for unfit in (OverflowError, RecursionError, UnicodeError):
        app.register_error_handler(unfit, _unfit)
    app.register_error_handler(Exception, _mistake)
    app.logger.addFilter(_without_values)


def _refused(error: GisError) -> Response:
    if isinstance(error, DatabaseUnavailable):
        return _database_away(error)
    status = status_of(error)
    return answer(status, say(error.message), [say_defect(d) for d in error.defects])


def _database_away(error: DatabaseUnavailable) -> Response:
    """Say it to whoever reads in plain words; what the driver said is for the log."""
    current_app.logger.warning("database away: %s", error.message)
    g.database_is_away = True
    words = _(
        "The database does not answer. What was stored is safe; what you were just entering is not"
        " stored yet. Try again in a minute; if it lasts, tell whoever runs the server."
    )
    response = answer(status_of(error), words)
    response.headers["Retry-After"] = "5"
    return response


def _http_error(error: HTTPException) -> WerkzeugResponse:
    if error.response is not None:
        return error.get_response()
    return answer(error.code or 500, "")


def _stale_form(error: CSRFError) -> Response:
    return answer(400, _("the page was open too long; load it again and repeat the last step"))


def _unfit(error: Exception) -> Response:
    """Refuse a value that is beyond what can be computed or written, wherever it was met."""
    current_app.logger.warning(
        "refused: %s %s: %s", request.method, request.endpoint, type(error).__name__
    )
    return answer(
        400,
        _("a value is too large, too deep or holds signs that cannot be kept; check what was sent"),
    )


def _mistake(error: Exception) -> Response:
    if current_app.testing:
        raise error
    current_app.logger.error("failed: %s %s", request.method, request.endpoint, exc_info=error)
    return answer(500, "")


def _without_values(record: logging.LogRecord) -> bool:
    """Tell a mistake by kind and place; its own words may hold what somebody typed."""
    if record.exc_info and record.exc_info[1] is not None:
        record.msg, record.args = f"{record.getMessage()}\n{account_of(record.exc_info[1])}", ()
        record.exc_info = record.exc_text = None
    return True


def answer(status: int, message: str, defects: list[str] | None = None) -> Response:
    """Answer with an error: JSON for programs, a page for people."""
    if wants_json() or request.accept_mimetypes.best == "application/json":
        response = json_answer(Refusal(status, message or _phrase(status), defects or UNSET))
    else:
        response = make_response(
            render_template(
                "shell/error.html", status=status, message=message, defects=defects or []
            )
        )
    response.status_code = status
    return response


def _phrase(status: int) -> str:
    phrases = {
        400: _("this request is not understood"),
        401: _("sign in first"),
        403: _("your roles do not include this"),
        404: _("there is nothing at this address, or not within your area"),
        405: _("this address does not work that way"),
        413: _("this file is too large"),
        500: _("the mistake is ours and has been recorded; try again"),
    }
    return phrases.get(status) or HTTPStatus(status).phrase
