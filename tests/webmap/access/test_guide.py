"""The guides: one for each role, in both languages, the same as in the folder of documents."""

import re
from pathlib import Path

import pytest

from gis.words.permissions import PERMISSIONS_OF_ROLE
from webmap.access.pages.guide import FOLDER, GUIDE_OF_ROLE, GUIDES
from webmap.shell.language import catalogue


def headings(language: str, guide: str) -> list[str]:
    text = (FOLDER / language / f"{guide}.md").read_text("utf-8")
    return re.findall(r"^#+ .*$", text, re.MULTILINE)


def test_every_role_has_a_guide_and_every_guide_both_languages():
    assert set(GUIDE_OF_ROLE) == set(PERMISSIONS_OF_ROLE)
    assert set(GUIDE_OF_ROLE.values()) == set(GUIDES)
    for language in ("zh", "en"):
        assert {p.stem for p in Path(FOLDER / language).glob("*.md")} == set(GUIDES)
    for guide in GUIDES:
        english, chinese = headings("en", guide), headings("zh", guide)
        assert [h.count("#") for h in english] == [h.count("#") for h in chinese]


def pictures(language: str, guide: str) -> list[tuple[str, str]]:
    text = (FOLDER / language / f"{guide}.md").read_text("utf-8")
    return re.findall(r"!\[(.*)\]\(\.\./pictures/(.*)\)", text)


def test_every_guide_has_pictures_of_its_language_and_every_picture_a_guide(sign_in):
    browser = sign_in("worker")
    shown = set()
    for language in ("en", "zh"):
        for guide in GUIDES:
            found = pictures(language, guide)
            assert found, guide
            for told, name in found:
                assert told and name.endswith(f".{language}.webp")
                answer = browser.get(f"/help/pictures/{name}")
                assert answer.status_code == 200 and answer.mimetype == "image/webp"
                assert len(answer.data) < 150_000, "a page over a slow line"
                answer.close()
            shown |= {name for _, name in found}
    assert {path.name for path in (FOLDER / "pictures").iterdir()} == shown


def test_only_pictures_of_the_guides_are_given(sign_in, client):
    assert sign_in("worker").get("/help/pictures/..%2fen%2fworker.md").status_code == 404
    assert sign_in("worker").get("/help/pictures/none.webp").status_code == 404
    assert client.get("/help/pictures/planner-grids.en.webp").status_code == 302


@pytest.mark.parametrize("login", ["planner", "worker", "auditor", "community_manager"])
def test_help_leads_to_the_guide_of_the_role(sign_in, login):
    browser = sign_in(login)
    assert 'href="/help"' in browser.get("/account/").get_data(as_text=True)
    led = browser.get("/help")
    assert led.headers["Location"].endswith(f"/help/{GUIDE_OF_ROLE[login]}")
    for language, own in (("en", "en"), ("zh", "zh")):
        browser.set_cookie("language", language)
        page = browser.get(f"/help/{GUIDE_OF_ROLE[login]}").get_data(as_text=True)
        assert headings(own, GUIDE_OF_ROLE[login])[0].lstrip("# ") in page
    assert browser.get("/help/dragons").status_code == 404


def test_what_a_guide_calls_by_its_name_is_called_so_on_the_pages():
    """Names in emphasis are words of the pages, in both languages."""
    chinese = catalogue("zh")
    known = {str(m.id) for m in chinese if m.id} | {str(m.string) for m in chinese if m.id}
    missing = {
        f"{language}/{guide}: {name}"
        for language, form in (("en", r"\*([^*\s][^*]*)\*"), ("zh", r"“([^”]+)”"))
        for guide in GUIDES
        for name in re.findall(form, (FOLDER / language / f"{guide}.md").read_text("utf-8"))
        if name not in known
    }
    assert missing == set()
