"""Map sheets: what stands on each page, true to scale, with no person but the workers."""

import re

import pytest
from flask_babel import force_locale
from shapely import box

from gis.actions.access.work import Work
from gis.actions.plan.sheets import take_sheets
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput, NotFound, ProgramMissing, with_hints
from gis.store import tables as t
from tests.factories import NOW
from webmap.plan.sheets import chromium
from webmap.plan.sheets.document import SheetWish, sheets_html
from webmap.plan.sheets.labels import Label, LabelBoard
from webmap.plan.sheets.paper import best_layout, fit_view, layouts_of
from webmap.shell.language import LANGUAGES


@pytest.fixture
def plan(town):
    """The published plan of the first community: two grids, a worker in the first."""
    return town.communities[0].plans[0]


@pytest.fixture
def draw(app, session, plan):
    """Give a function that writes the sheets of the plan in a language."""

    def write(language: str = "en", **wish) -> str:
        with app.test_request_context("/"), force_locale(LANGUAGES[language]):
            read = take_sheets(Work(session, SYSTEM, NOW), plan.id)
            return sheets_html(session, read, SheetWish(**wish), today=NOW.date())

    return write


def test_a_plan_has_an_overview_a_list_and_a_sheet_for_each_grid(draw, town):
    html = draw()
    assert re.findall(r'data-kind="(\w+)"', html) == ["overview", "list", "grid", "grid"]
    assert re.findall(r'data-code="(\d+)"', html) == [g.code for g in town.communities[0].grids]
    assert "Page 4 of 4" in html


def test_a_sheet_says_which_grid_whose_and_how_many(draw, town):
    grid = town.communities[0].grids[0]
    html = draw(codes=(grid.code,))
    assert html.count('<section class="sheet') == 1
    assert town.users["worker"].name in html and f"<i>{grid.code[12:]}</i>" in html
    assert f"<dd>{grid.households}</dd>" in html


def test_a_neighbour_is_labelled_with_its_code(draw, town):
    west, east = town.communities[0].grids
    labels = re.findall(r'<text class="code"[^>]*>([^<]*)</text>', draw(codes=(west.code,)))
    assert east.code[-3:] in labels and west.code[-3:] not in labels


def test_streets_are_named_along_their_line(draw, town, session):
    batch = session.query(t.ImportBatch).first()
    line = "SRID=4326;LINESTRING(108.499 25.9315, 108.51 25.9315)"
    session.add(t.Barrier(kind="main_road", name="凤山路", geom=line, import_batch_id=batch.id))
    session.flush()
    html = draw(codes=(town.communities[0].grids[0].code,))
    assert '<text class="street"' in html and "凤山路" in html and "main road" in html


@pytest.mark.parametrize(("language", "words"), [("en", "Legend"), ("zh", "图例")])
def test_sheets_speak_both_languages(draw, language, words):
    assert words in draw(language)


def test_no_household_or_resident_is_on_a_sheet(draw, town):
    html = draw()
    people = [h for c in town.communities for h in c.households]
    assert not any(h.head_name in html or h.number in html for h in people)


def test_a_draft_is_marked_as_not_in_force(draw, plan, session, town):
    assert "not in force" not in draw()
    session.delete(session.get(t.LivePlan, plan.community_id))
    session.flush()
    assert draw().count("not in force") == 4


def test_a_grid_of_another_plan_is_refused_by_name(draw):
    with pytest.raises(NotFound, match="999 is no grid of this plan"):
        draw(codes=("522632100001999",))


def test_paper_that_is_not_there_is_refused(draw):
    with pytest.raises(InvalidInput, match="A4, A3"):
        draw(paper="A5")


def test_taking_sheets_is_in_the_audit_trail(draw, session, plan):
    draw()
    line = session.query(t.AuditEntry).order_by(t.AuditEntry.id.desc()).first()
    assert (line.action, line.object_id) == ("plan.print", str(plan.id))


def test_a_hundred_metres_are_as_long_on_paper_as_the_ratio_says():
    view = fit_view((1000, 2000, 1400, 2300), layouts_of("A4")[0])
    square = view.on_paper(box(1000, 2000, 1100, 2100))
    west, north, east, south = square.bounds
    assert east - west == pytest.approx(100_000 / view.ratio)
    assert south - north == pytest.approx(100_000 / view.ratio)


def test_what_a_sheet_is_about_lies_inside_its_frame():
    for bounds in ((0, 0, 900, 80), (0, 0, 80, 900), (-5, -5, 0.1, 0.1), (0, 0, 9000, 9000)):
        layout, view = best_layout(bounds, "A4")
        west, north, east, south = view.on_paper(box(*bounds)).bounds
        assert 0 < west < east < layout.map_width and 0 < north < south < layout.map_height


def test_labels_never_cover_one_another():
    board = LabelBoard(100, 100)
    for n in range(40):
        board.put_inside(box(0, 0, 100, 100), f"{n:03d}", 4.0, "code")
    boxes = [label.box for label in board.labels]
    assert len(boxes) > 1
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_names_are_escaped():
    assert "<script>" not in Label("<script>", 1, 1, 3).svg()


def test_without_chromium_the_html_is_offered(monkeypatch):
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    with pytest.raises(ProgramMissing, match="take the sheets as HTML") as caught:
        chromium.print_pdf("<p>x</p>")
    assert "--format html" in with_hints(caught.value)


@pytest.mark.slow
def test_chromium_prints_a_page_for_each_sheet_on_its_paper(draw):
    if chromium.find_chromium() is None:
        pytest.skip("Chromium is not installed; `./scripts/test` installs it")
    pdf = chromium.print_pdf(draw())
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == 4
    sides = [sorted(float(side) for side in page) for page in boxes]
    assert all(s == pytest.approx([595, 842], abs=1) for s in sides)
