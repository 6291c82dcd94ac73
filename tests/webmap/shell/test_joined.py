"""A page loads its scripts and styles in one file each, under the digest of their text."""

import re

import pytest

from webmap.shell.bundle import STATIC, bundle_module
from webmap.shell.joined import joined_script, joined_style

KEPT = "public, max-age=31536000, immutable"


def test_a_joined_file_may_be_kept_for_ever_under_its_digest(client):
    for address, kind in (
        (joined_script("shell/table", "shell/api"), "text/javascript"),
        (joined_style("shell/tokens", "shell/site"), "text/css"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Cache-Control"] == KEPT
        old = re.sub(r"/[0-9a-f]{16}/", "/0123456789abcdef/", address)
        assert old != address
        assert client.get(old).headers["Cache-Control"] == "no-cache"
        assert client.get(old).data == answer.data


def test_what_a_style_fetches_is_there(client):
    names = [p.relative_to(STATIC / "css").with_suffix("") for p in (STATIC / "css").rglob("*.css")]
    text = client.get(joined_style(*sorted(map(str, names)))).get_data(as_text=True)
    fetched = {u for u in re.findall(r"""url\(["']?([^"')]+)""", text) if not u.startswith("data:")}
    assert fetched
    for address in fetched:
        assert client.get(address).status_code == 200, address


def test_the_address_changes_with_the_text(monkeypatch, tmp_path):
    from webmap.shell import joined

    monkeypatch.setattr(joined, "STATIC", tmp_path)
    (tmp_path / "css").mkdir()
    addresses = set()
    for text in ("a { top: 0; }", "a { top: 1px; }"):
        (tmp_path / "css" / "one.css").write_text(text)
        joined._text.cache_clear()
        addresses.add(joined_style("one"))
    joined._text.cache_clear()
    assert len(addresses) == 2


@pytest.mark.parametrize(
    "names",
    [
        "shell/nothing.js",
        "shell/../../../setup.js",
        "..%2f..%2fshell%2fjoined.js",
        "shell/table+.js",
        "shell/table.py",
        "SHELL/table.js",
        "+".join(["shell/table"] * 31) + ".js",
    ],
)
def test_what_is_no_list_of_our_files_is_not_found(client, names):
    assert client.get(f"/joined/0123456789abcdef/{names}").status_code == 404


def test_a_joined_module_exports_what_its_modules_export():
    script = bundle_module([STATIC / "js/shell/table.js", STATIC / "js/shell/api.js"])
    given = set(re.findall(r"\w+", " ".join(re.findall(r"^export const \{(.*)\}", script, re.M))))
    assert {"getJson", "sendJson"} <= given
    assert script.count("const module_shell_element_js =") == 1


def test_two_modules_may_not_export_one_name(monkeypatch, tmp_path):
    from webmap.shell import bundle as joining

    monkeypatch.setattr(joining, "STATIC", tmp_path)
    (tmp_path / "js").mkdir()
    for name in ("a", "b"):
        (tmp_path / "js" / f"{name}.js").write_text("export const start = 1;\n")
    with pytest.raises(ValueError, match="start"):
        bundle_module([tmp_path / "js/a.js", tmp_path / "js/b.js"])


def test_every_page_asks_for_one_script_and_one_style_of_ours(sign_in):
    for login, address in (
        ("planner", "/planner/"),
        ("planner", "/planner/vacancies"),
        ("official", "/official/"),
        ("worker", "/worker/"),
        ("administrator", "/admin/imports"),
    ):
        html = sign_in(login).get(address).get_data(as_text=True)
        assert len(set(re.findall(r'"(/joined/[^"]+\.js)"', html))) == 1, address
        assert len(set(re.findall(r'"(/joined/[^"]+\.css)"', html))) == 1, address
        assert "/static/js/" not in html, address
        assert "/static/css/" not in html, address
