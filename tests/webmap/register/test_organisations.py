"""Organisations from a file to the map: imported, located, found, listed, taken out, counted."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject, locate_register
from gis.actions.location.registers import export_register
from gis.actions.provenance.imports import Source, import_records
from gis.domain.access import SYSTEM, Scope
from gis.domain.period import parse_period
from gis.exchange.records import read_records
from gis.exchange.template import template_workbook
from gis.exchange.writers import write_table
from gis.store import tables as t
from gis.store.statistics.by_level import LEVELS, statistics
from tests.factories import NOW

CONTACT, PHONE = "潘秀英", "13985551234"


def addresses(session, community):
    """Give texts of the register in a community, in a stable order."""
    query = select(t.Address.text).where(t.Address.community_id == community.unit.id)
    return list(session.scalars(query.order_by(t.Address.id)))


def take_in(session, path):
    read = read_records(path, "organisations", today=NOW.date())
    assert [str(d) for d in read.defects] == []
    return import_records(
        Work(session, SYSTEM, NOW),
        "organisations",
        read.frame,
        source=Source(path.name, sha256=read.sha256),
        rows_read=read.n_rows,
        commit=True,
    )


@pytest.fixture
def rows(session, town):
    """Give three organisations as a person writes them: two in the first community, one beyond."""
    here, beyond = (addresses(session, c) for c in town.communities[:2])
    return [
        ["古榕志愿者协会", "社会组织", "51522632MJ0000001X", 42, here[0], CONTACT, PHONE],
        ["古榕商行", "非公经济组织", None, 7, here[5], None, None],
        ["卧龙米粉店", "非公经济组织", "92522632MA00000032", None, beyond[0], None, None],
    ]


@pytest.fixture
def path(tmp_path, rows):
    """Fill the template of the kind in Chinese."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("organisations", "zh")))
    columns = [cell.value for cell in book.active[1]]
    wanted = ["组织名称", "组织类别", "统一社会信用代码", "成员人数", "地址", "联系人", "联系电话"]
    for row in rows:
        values = dict(zip(wanted, row, strict=True))
        book.active.append([values.get(column) for column in columns])
    path = tmp_path / "组织.xlsx"
    book.save(path)
    return path


@pytest.fixture
def stored(session, town, path):
    outcome = take_in(session, path)
    assert (outcome.state, outcome.rows_stored) == ("committed", 3)
    locate_register(session, SYSTEM)
    found = geocode_subject(Work(session, SYSTEM, NOW), "organisations")
    assert (found.total, found.accepted) == (3, 3)
    session.commit()


def page(browser, address="/registers/organisations"):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_same_file_again_changes_nothing_and_a_changed_row_is_known_again(
    session, stored, path
):
    assert take_in(session, path).state == "unchanged"
    book = openpyxl.load_workbook(path)
    book.active["A2"] = "古榕志愿者联合会"
    book.save(path)
    outcome = take_in(session, path)
    assert (outcome.tally.new, outcome.tally.changed, outcome.tally.unchanged) == (0, 1, 2)


def test_two_rows_of_one_registration_number_are_refused(session, town, path):
    book = openpyxl.load_workbook(path)
    column = [cell.value for cell in book.active[1]].index("统一社会信用代码") + 1
    book.active.cell(row=3, column=column, value="51522632MJ0000001X")
    book.save(path)
    outcome = take_in(session, path)
    assert outcome.state == "refused"
    assert {(d.code, d.field) for d in outcome.defects} == {("repeated", "registration_number")}


def test_the_register_shows_those_of_the_area_and_no_person(sign_in, stored):
    near = page(sign_in("community_manager"))
    assert "古榕志愿者协会" in near and "古榕商行" in near and "卧龙米粉店" not in near
    assert "51522632MJ0000001X" in near and ">42<" in near
    everything = page(sign_in("official"))
    assert "卧龙米粉店" in everything
    assert CONTACT not in everything and PHONE not in everything
    named = page(sign_in("official"), "/registers/organisations?name=商行")
    assert "古榕商行" in named and "卧龙米粉店" not in named


def test_the_register_speaks_the_language_of_the_reader(sign_in, stored):
    browser = sign_in("official")
    assert "non-public organisation" in page(browser)
    browser.post("/language", data={"language": "zh", "next": "/"})
    said = page(browser)
    assert "<h1>组织" in said and "非公经济组织" in said and "统一社会信用代码" in said


def test_pages_of_the_register_follow_one_another(sign_in, stored, monkeypatch):
    monkeypatch.setattr("gis.actions.location.registers.PAGE", 2)
    browser = sign_in("official")
    first = page(browser)
    following = next(
        part.split('"')[0] for part in first.split('href="') if "after=" in part.split('"')[0]
    )
    second = page(browser, following.replace("&amp;", "&"))
    names = ("古榕志愿者协会", "古榕商行", "卧龙米粉店")
    assert all((name in first) != (name in second) for name in names)
    assert "Next page" in first and "Next page" not in second


def test_the_search_box_finds_an_organisation_in_the_area_only(sign_in, stored):
    def found(login):
        answer = sign_in(login).get("/api/v1/search", query_string={"q": "卧龙米粉"})
        return [(hit["kind"], hit["kind_name"]) for hit in answer.json["results"]]

    assert found("official") == [("organisation", "organisation")]
    assert found("community_manager") == []


def test_an_export_has_a_person_only_for_who_imports_and_comes_back_unchanged(
    session, sign_in, stored, tmp_path
):
    answer = sign_in("official").get("/registers/organisations/export.csv")
    told = answer.get_data(as_text=True)
    assert "古榕志愿者协会" in told and CONTACT not in told and PHONE not in told
    rows = export_register(Work(session, SYSTEM, NOW), "organisations")
    assert CONTACT in set(rows["contact_name"])
    path = tmp_path / "again.xlsx"
    write_table(path, rows, format="xlsx")
    assert take_in(session, path).state == "unchanged"
    entries = session.scalars(
        select(t.AuditEntry.detail).where(t.AuditEntry.action == "register.export")
    )
    told = [(e["kind"], e["rows"], e["personal"]) for e in entries]
    assert sorted(told) == [("organisations", 3, False), ("organisations", 3, True)]


def counted(session, scope, by):
    table = statistics(session, scope, by=by, topic="all", period=parse_period("2026"))
    counts = zip(table["code"], table["organisations"], strict=True)
    return {code: n for code, n in counts if n}


def test_organisations_are_counted_at_every_level_as_they_lie(session, town, stored):
    first, second = (c.unit.code for c in town.communities[:2])
    assert counted(session, SYSTEM, "community") == {first: 2, second: 1}
    assert counted(session, SYSTEM, "town") == {town.town.code: 3}
    assert counted(session, SYSTEM, "county") == {town.county.code: 3}
    lying = dict.fromkeys(LEVELS, 3)
    assert {by: sum(counted(session, SYSTEM, by).values()) for by in LEVELS} == lying
    assert {grid[:12] for grid in counted(session, SYSTEM, "grid")} == {first, second}


def test_the_map_of_the_area_counts_the_own_communities_only(session, town, stored):
    user = town.users["community_manager"]
    own = frozenset({town.communities[0].unit.id})
    scope = Scope(user.id, user.login, user.name, frozenset({"community_manager"}), own)
    assert counted(session, scope, "community") == {town.communities[0].unit.code: 2}


def test_the_official_may_choose_organisations_on_the_map(sign_in, stored):
    browser = sign_in("official")
    assert 'value="organisations"' in page(browser, "/official/")
    value = browser.get("/api/v1/statistics?by=community&period=2026").json
    assert sum(row["organisations"] for row in value["rows"]) == 3
    assert sum(value["classes"]["organisations"]["counts"]) == len(value["rows"])


def test_what_cannot_be_located_waits_for_review_under_its_name(session, sign_in, path):
    book = openpyxl.load_workbook(path)
    column = [cell.value for cell in book.active[1]].index("地址") + 1
    book.active.cell(row=2, column=column, value="不知何处")
    book.save(path)
    take_in(session, path)
    geocode_subject(Work(session, SYSTEM, NOW), "organisations")
    row = session.scalars(select(t.Organisation).where(t.Organisation.status != "accepted")).one()
    row.community_id = session.scalar(
        select(t.DivisionUnit.id).where(t.DivisionUnit.name == "古榕社区")
    )
    session.commit()
    browser = sign_in("community_manager")
    (waits,) = browser.get("/api/v1/review/waiting?kind=organisation").json["rows"]
    assert (waits["subject"], waits["title"]) == ("organisation", "古榕志愿者协会")
    assert "Organisations" in page(browser, "/review/")
    assert "not located yet" in page(browser)
    address = f"/api/v1/review/organisation/{waits['id']}/dismiss"
    assert browser.post(address, json={}).status_code == 200
