import csv
import json
import re
from datetime import date

from tests.counted import put_counts


def test_the_page_shows_map_choices_and_sources(sign_in):
    html = sign_in("official").get("/official/").get_data(as_text=True)
    assert 'id="map_main"' in html
    assert '<option value="2026-Q1" selected>' in html
    assert "合成数据" in html
    assert "Made for tests" in html


def test_the_address_carries_the_choices(sign_in):
    html = (
        sign_in("official")
        .get("/official/?topic=noise&period=2026-02&by=community&measure=count")
        .get_data(as_text=True)
    )
    for chosen in ("noise", "2026-02", "community", "count"):
        assert f'<option value="{chosen}" selected>' in html
    assert "/api/v1/maps/shapes/community" in html


def test_choices_that_do_not_exist_fall_back(sign_in):
    html = sign_in("official").get('/official/?topic="><script>&by=x').get_data(as_text=True)
    assert '<option value="all" selected>' in html
    assert '"><script>' not in html


def test_an_empty_database_teaches_the_next_step(app, session):
    from tests.factories import PASSWORD, make_user

    make_user(session, "first", "administrator")
    session.commit()
    browser = app.test_client()
    browser.post("/login", data={"login": "first", "password": PASSWORD})
    html = browser.get("/official/").get_data(as_text=True)
    assert "community-grid import communities" in html


def test_the_interface_gives_the_same_numbers_as_the_file(sign_in):
    browser = sign_in("official")
    address = "/api/v1/statistics?by=grid&topic=noise&period=2026-02"
    value = browser.get(address).json
    assert value["totals"]["incidents"] == 5
    assert value["rows"][0]["rate_per_1000"] == 138.89
    assert sum(value["classes"]["rate"]["counts"]) == 4
    lines = browser.get(address + "&format=csv").get_data().decode("utf-8-sig").splitlines()
    assert lines[1].split(",")[0].strip('"') == value["rows"][0]["code"]
    first = next(csv.DictReader(lines))
    assert first["rate_per_1000"] == "138.89", "no more digits than there is to know"
    assert (first["topic"], first["topic_name"], first["period"]) == (
        "noise",
        "噪声扰民",
        "2026-02",
    )
    assert first["first_day"] == "2026-02-01" and first["end_day"] == "2026-03-01"
    assert "2 plans in force" in first["boundaries"] and "per 1000 people" in first["units"]
    assert "empirical Bayes" in first["method"]
    assert browser.get(address + "&format=xlsx").data[:2] == b"PK"


def test_the_first_period_without_data_shows_no_changes(sign_in, session, town):
    """A fall or rise against months that nobody counted is none; against counted ones it is."""
    block = town.communities[0].blocks[0].id
    for month in (3, 4):
        put_counts(session, [block], "incidents:noise", 9, date(2026, month, 1))
    session.commit()
    browser = sign_in("official")
    for period in ("2026-01", "2026-02", "2026-Q1", "2026"):
        value = browser.get(f"/api/v1/statistics?by=grid&topic=noise&period={period}").json
        assert value["has_previous"] is False and value["totals"]["previous"] is None, period
        changes = [(row["previous"], row["change"], row["notable"]) for row in value["rows"]]
        assert changes == [(None, None, False)] * len(value["rows"]), period
    value = browser.get("/api/v1/statistics?by=grid&topic=noise&period=2026-03").json
    assert value["has_previous"] is True and value["totals"]["previous"] == 5
    assert value["rows"][0]["change"] == 4


def test_a_bad_question_is_answered_with_what_was_expected(sign_in):
    browser = sign_in("official")
    answer = browser.get("/api/v1/statistics?period=soon")
    assert answer.status_code == 400
    assert "2025-Q1" in answer.json["message"]
    assert browser.get("/api/v1/maps/shapes/street").status_code == 404


def test_no_person_is_in_the_page_or_its_data(sign_in, town):
    browser = sign_in("official")
    names = {h.head_name for c in town.communities for h in c.households}
    phones = {h.phone for c in town.communities for h in c.households}
    for address in (
        "/official/",
        "/api/v1/statistics?by=grid&topic=noise&period=2026-02",
        "/api/v1/maps/incidents?topic=noise&period=2026-02",
        "/api/v1/maps/shapes/grid",
        "/api/v1/maps/names",
    ):
        text = browser.get(address).get_data(as_text=True)
        assert not any(secret in text for secret in names | phones)


def test_a_kept_shape_is_not_sent_again(sign_in):
    browser = sign_in("official")
    first = browser.get("/api/v1/maps/shapes/grid")
    again = browser.get(
        "/api/v1/maps/shapes/grid", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (first.status_code, again.status_code) == (200, 304)


def test_the_page_data_is_json_that_cannot_break_out(sign_in):
    html = sign_in("official").get("/official/").get_data(as_text=True)
    data = re.search(r"start\(map_main, layers_by_key, (\{.*?\})\);", html, re.S)
    assert json.loads(data[1])["state"]["by"] == "grid"


def test_a_total_too_small_is_not_told_either(sign_in, town, session):
    browser = sign_in("official")
    address = "/api/v1/statistics?by=grid&topic=neighbour_dispute&period=2026-02"
    value = browser.get(address).json
    assert value["totals"]["incidents"] is None
    assert value["totals"]["rate_per_1000"] is None
    assert all(row["suppressed"] for row in value["rows"])
