"""Every page at five widths in two languages: nothing cut, covered or across another; axe content.

The pages are those of the routes, so that a new page is visited by itself.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from gis.database.engine import transaction
from gis.store import tables as t
from gis.words.permissions import PERMISSIONS_OF_ROLE
from webmap.shell.access import PUBLIC, mark_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = {"zh": (360, 390, 768, 1280, 1920), "en": (1920, 1280, 768, 390, 360)}
"""In one language the window grows, in the other it shrinks: each begins with a page loaded so."""
FAULTS = (Path(__file__).parent / "faults.js").read_text("utf-8")
SERIOUS = {"serious", "critical"}
AXE = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}}
ROLES = ("planner", "official", "community_manager", "worker", "administrator", "auditor")
PAPER = {"exchange.sheets"}
"""Shown as printed: as wide as the paper."""
AT_REST = """async (width) => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    await frame();
    await frame();
    const bar = document.getElementById('topbar');
    return innerWidth === width && (bar === null || bar.dataset.fits === String(bar.clientWidth))
        && !document.documentElement.hasAttribute('data-waiting')
        && [...document.querySelectorAll('.folium-map')].every((map) => map.dataset.ready)
        && document.getAnimations().every((a) => a.playState !== 'running')
        && document.fonts.status === 'loaded';
}"""


@pytest.fixture
def pages(served) -> list[SimpleNamespace]:
    """List endpoint, address and who visits it, for every route that shows a page."""
    app = served.app
    with transaction(served.engine) as session:
        batch = session.scalar(select(t.ImportBatch.id).limit(1))
    live, draft = served.town.communities[1].plans
    values = {
        "code": served.town.communities[1].unit.code,
        "plan_id": draft.id,
        "batch_id": batch,
        "kind": "organisation",
        "login": "planner",
        "guide": "planner",
        "name": "planner-grids.en.webp",
    }
    asked = {"compare.compare": f"?a={live.id}&b={draft.id}"}
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" not in rule.methods or ".pages." not in view.__module__ or rule.endpoint in PAPER:
            continue
        missing = rule.arguments - set(values) - {"form"}
        assert not missing, f"say here which {missing} the page {rule.rule} shows"
        path = re.sub(
            r"<(?:[^:>]+:)?(\w+)>", lambda m: str({**values, "form": "csv"}[m[1]]), rule.rule
        )
        who = visitor(mark_of(app, rule.endpoint))
        found.append(
            SimpleNamespace(name=rule.endpoint, path=path + asked.get(rule.endpoint, ""), who=who)
        )
    return found


def visitor(mark):
    if mark == PUBLIC:
        return None
    if isinstance(mark, str):
        return "planner"
    return next(role for role in ROLES if PERMISSIONS_OF_ROLE[role] & set(mark))


def is_page(context, address):
    answer = context.request.get(address)
    return answer.status == 200 and "<html" in answer.text()[:200]


@pytest.mark.parametrize("language", WIDTHS)
def test_nothing_is_cut_covered_or_out_of_reach(visit, chromium, served, pages, language):
    faults, visited = [], 0
    axe = Axe()
    contexts = {None: chromium.new_page()}
    for page in sorted(pages, key=lambda p: p.who or ""):
        if page.who not in contexts:
            contexts[page.who] = visit(page.who, "/account/")
        tab = contexts[page.who]
        tab.context.add_cookies([{"name": "language", "value": language, "url": served.url}])
        if not is_page(tab.context, served.url + page.path):
            continue
        visited += 1
        for at, width in enumerate(WIDTHS[language]):
            tab.set_viewport_size({"width": width, "height": 740 if width < 700 else 900})
            if at == 0:
                tab.goto(served.url + page.path)
            tab.wait_for_function(AT_REST, arg=width)
            told = tab.evaluate(FAULTS)
            if told:  # what an answer on its way puts right is no fault
                tab.wait_for_load_state("networkidle")
                tab.wait_for_function(AT_REST, arg=width)
                told = tab.evaluate(FAULTS)
            if width in (360, 1280):
                told += serious(axe.run(tab, options=AXE).response["violations"])
            faults += [f"{page.name} {language} {width}: {fault}" for fault in told]
    contexts[None].close()
    assert visited > 15
    assert faults == [], "\n".join(faults)


def serious(violations):
    return [
        f"axe {v['id']}: {v['nodes'][0]['html'][:120]} ({len(v['nodes'])} places)"
        for v in violations
        if v["impact"] in SERIOUS
    ]
