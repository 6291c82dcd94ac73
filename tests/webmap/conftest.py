"""An application on the test's own transaction, in the tiny town."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.settings import Settings
from tests.factories import PASSWORD, make_town
from webmap import create_app


def settings_for_tests() -> Settings:
    return Settings(Path("/nonexistent"), None, "none", "key of the tests", "en", 1)


@pytest.fixture
def town(session):
    """Give the tiny town, visible to the application."""
    made = make_town(session)
    session.commit()
    return made


@pytest.fixture
def app(connection):
    """Give an application whose transactions are undone with the test."""
    app = create_app(settings_for_tests(), connection)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client(app):
    """Give a browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app, town):
    """Give a function that signs a user of the tiny town in and gives the browser."""

    def enter(login: str):
        browser = app.test_client()
        answer = browser.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 302
        return browser

    return enter
