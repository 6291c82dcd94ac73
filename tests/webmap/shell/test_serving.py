"""How the application is served."""

from tests.application import settings_for_tests
from webmap.command import _Server

CLIENTS_S = {"Chromium": 300, "Firefox": 115, "nginx and other proxies": 60}
"""How long each keeps a quiet connection that it may still send on."""


def test_the_server_closes_no_quiet_connection_that_a_client_is_about_to_use():
    config = _Server(settings_for_tests(), "127.0.0.1", 8000).cfg
    assert config.keepalive > max(CLIENTS_S.values())
    assert config.threads < config.worker_connections < 1024
