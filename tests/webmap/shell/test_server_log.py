"""Planted names and telephone numbers never reach the log of the server, whatever fails."""

import logging

import pytest
from gunicorn.config import Config
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from gis.database.engine import transaction
from tests.application import make_app, settings_for_tests
from webmap.command import _Server
from webmap.shell.access import public
from webmap.shell.server_log import PATHS_ONLY, ServerLog

PLANTED = "13912345678"


@pytest.fixture
def failing(connection):
    """Give an application with a page that fails with a planted value in the database's words."""
    app = make_app(connection)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    @public
    def fail():
        try:
            with transaction(app.extensions["engine"]) as session:
                session.execute(text("SELECT :v FROM nowhere"), {"v": PLANTED})
        except ProgrammingError as error:
            raise RuntimeError(f"cannot call {PLANTED}") from error

    app.add_url_rule("/fails", "fails", fail)
    return app


def test_a_forced_error_is_logged_without_the_value(failing, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = failing.test_client().get(f"/fails?phone={PLANTED}")
    assert answer.status_code == 500
    assert "GET fails" in caplog.text and "sqlstate=42P01" in caplog.text
    assert PLANTED not in caplog.text and "cannot call" not in answer.get_data(as_text=True)


def test_what_fails_around_a_view_is_logged_alike(failing, caplog):
    @failing.after_request
    def fail_after(response):
        raise ValueError(PLANTED)

    with caplog.at_level(logging.DEBUG):
        answer = failing.test_client().get("/healthz")
    assert answer.status_code == 500
    assert "ValueError" in caplog.text and "in fail_after" in caplog.text
    assert PLANTED not in caplog.text


@pytest.fixture
def server_log(tmp_path):
    config = Config()
    config.set("errorlog", str(tmp_path / "log"))
    log = ServerLog(config)
    yield log, tmp_path / "log"
    log.close_on_exec()
    for handler in log.error_log.handlers[:]:
        handler.close()
        log.error_log.removeHandler(handler)


def test_the_server_names_the_path_not_the_question(server_log):
    log, file = server_log
    try:
        raise ValueError(PLANTED)
    except ValueError:
        log.exception("Error handling request %s %s", "GET", f"/api/v1/search?q={PLANTED}")
    log.warning(f"Invalid request from ip=10.0.0.7: Invalid HTTP request line: '/{PLANTED}'")
    told = file.read_text()
    assert "GET /api/v1/search" in told and "ValueError" in told and "ip=10.0.0.7" in told
    assert PLANTED not in told


def test_served_as_the_readme_says_it_has_this_log_and_no_line_per_request():
    server = _Server(settings_for_tests(), "127.0.0.1", 1)
    assert server.cfg.logger_class is ServerLog and server.cfg.accesslog is None
    assert server.cfg.access_log_format == PATHS_ONLY
    assert not any(f"%({key})s" in PATHS_ONLY for key in ("r", "q", "f"))
