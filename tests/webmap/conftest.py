"""Browsers of the application in the tiny town."""

from __future__ import annotations

import pytest

from tests.factories import PASSWORD


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
