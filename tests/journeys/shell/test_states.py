"""What a page says while it waits, without a connection, and when the database is away."""

import pytest
from sqlalchemy import text, update

from gis.database.engine import open_engine, transaction
from gis.database.roles import SUPERUSER
from gis.database.urls import database_name
from gis.store import tables as t

pytestmark = pytest.mark.browser


@pytest.fixture
def database_away(served, database_at):
    """Give a function that takes the served database away, as when its server is stopped."""

    def take():
        name = database_name(served.engine.url)
        owner = open_engine(database_at("postgres", SUPERUSER))
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"),
                {"n": name},
            )
        owner.dispose()

    return take


def test_a_database_that_is_away_is_told_in_the_persons_language(visit, served, database_away):
    with transaction(served.engine) as session:
        chinese = update(t.UserAccount).where(t.UserAccount.login == "planner")
        session.execute(chinese.values(language="zh"))
    page = visit("planner", "/planner/")
    page.wait_for_selector("#map_main[data-drawn]")
    database_away()
    answer = page.goto(f"{served.url}/planner/")
    assert answer.status == 503
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    said = page.inner_text("[role=alert]")
    assert "数据库没有响应" in said
    assert "connection" not in page.inner_text("main")
    told = page.request.get(f"{served.url}/api/v1/planning/communities")
    assert told.status == 503 and "数据库没有响应" in told.json()["message"]


def test_without_a_connection_the_page_says_what_still_works(visit):
    page = visit("planner", "/planner/")
    page.wait_for_selector("#map_main[data-drawn]")
    page.context.set_offline(True)
    page.wait_for_selector(".no-connection:visible")
    assert "can still be read" in page.inner_text(".no-connection")
    page.context.set_offline(False)
    page.wait_for_selector(".no-connection", state="hidden")


def test_that_the_page_waits_is_seen_until_the_answer_is_there(visit):
    page = visit("official", "/official/")
    page.wait_for_selector("#map_main[data-drawn]")
    held = []
    page.route("**/api/v1/statistics?*", lambda route: held.append(route))
    page.select_option("[name=by]", "community")
    page.wait_for_selector("html[data-waiting]")
    assert len(held) == 1
    held.pop().continue_()
    page.wait_for_selector("html:not([data-waiting])")
    assert page.input_value("[name=by]") == "community"


def test_who_may_not_open_a_page_is_told_who_may(visit, served):
    page = visit("planner", "/admin/users")
    assert "administrator" in page.inner_text("[role=alert]")
    page = visit("auditor", "/planner/")
    assert "planner, " in page.inner_text("[role=alert]")
