"""What pages load comes from the application, with licence and checksum; nothing from outside."""

import hashlib
import re
from pathlib import Path

import folium
import folium.plugins
import pytest
from folium.elements import JSCSSMixin

from webmap.maps import assets, build_map, map_shell
from webmap.maps.layers import ContextLayer, DensityLayer, IncidentClusters, UrlGeoJson
from webmap.shell import bundle as joining
from webmap.shell.bundle import STATIC, bundle

OUTSIDE = re.compile(
    r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|"""
    r"""(?:fetch|import)\s*\(\s*["'](?:https?:)?//|@import|from\s+["']https?:"""
)
PAGES = {
    "official": ("/official/",),
    "planner": ("/planner/", "/planner/community/522632100001"),
    "worker": ("/worker/",),
    "community_manager": ("/review/",),
    "administrator": ("/admin/users", "/admin/imports", "/admin/topics/"),
    "auditor": ("/admin/audit",),
}


def vendored():
    return [
        (package, name, digest)
        for package in assets.manifest()
        for name, digest in package["files"].items()
    ]


def test_every_vendored_file_is_what_the_manifest_says():
    for _, name, digest in vendored():
        assert hashlib.sha256((assets.VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_every_vendored_file_is_in_the_manifest_with_a_licence():
    listed = {name for _, name, _ in vendored()} | {"MANIFEST.json"}
    listed |= {package["licence_file"] for package in assets.manifest()}
    files = [p for p in assets.VENDOR.rglob("*") if p.is_file()]
    there = {p.relative_to(assets.VENDOR).as_posix() for p in files}
    assert there == listed
    for package in assets.manifest():
        assert package["licence"]
        assert package["origin"]
        assert (assets.VENDOR / package["licence_file"]).stat().st_size > 200


def test_every_class_of_folium_is_ours_or_taken_out():
    for cls in assets._subclasses(JSCSSMixin):
        links = [url for _, url in (*cls.default_js, *cls.default_css)]
        inside = all(u.startswith(("/static/vendor/", "not-vendored:")) for u in links)
        assert inside, cls.__name__


def test_a_plugin_that_is_not_vendored_fails_at_once():
    m = build_map([], bounds=None, titles={})
    folium.plugins.Fullscreen().add_to(m)
    with pytest.raises(AssertionError, match="not-vendored:Fullscreen"):
        map_shell(m, page=None)


def test_a_map_links_only_to_our_own_files():
    layers = [
        ContextLayer("Ground"),
        UrlGeoJson("a", "A", "/api/v1/maps/shapes/grid", style="grid"),
        IncidentClusters("Incidents"),
        DensityLayer("Density"),
    ]
    shell = map_shell(build_map(layers, bounds=(9, 47, 10, 48), titles={"ground": "G"}), page=None)
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', shell.header)
    assert len(files) == 6
    for file in files:
        assert (STATIC.parent / file.lstrip("/")).is_file()
    assert not OUTSIDE.search(shell.header + shell.html + shell.script)


def test_no_page_in_either_language_names_another_host(sign_in):
    for login, addresses in PAGES.items():
        browser = sign_in(login)
        for language, tongue in (("zh", "zh-Hans"), ("en", "en")):
            browser.set_cookie("language", language)
            for address in addresses:
                answer = browser.get(address)
                html = answer.get_data(as_text=True)
                assert answer.status_code == 200, address
                assert f'<html lang="{tongue}"' in html
                assert not OUTSIDE.search(html), address


def test_our_own_scripts_and_styles_name_no_other_host():
    own = [*(STATIC / "js").rglob("*.js"), *(STATIC / "css").rglob("*.css")]
    assert len(own) > 10
    for path in own:
        assert not OUTSIDE.search(path.read_text("utf-8")), path.name


def test_every_script_a_page_imports_exists():
    for path in (STATIC / "js").rglob("*.js"):
        for source in re.findall(r'from "(\.[^"]+)"', path.read_text("utf-8")):
            assert (path.parent / source).is_file(), f"{path.name}: {source}"


def test_modules_are_joined_in_the_order_they_need_each_other():
    script = bundle([STATIC / "js" / "statistics" / "pages" / "official.js"])
    first, later = ("const module_shell_element_js", "const module_shell_table_js")
    assert script.index(first) < script.index(later)
    assert not re.search(r"^(import|export) ", script, re.M)
    assert script.count("const module_shell_i18n_js =") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('import * as all from "./b.js";\n', "no import or export"),
        ("const a = 1;\nexport { a };\n", "no import or export"),
        ('const late = () => import("./b.js");\n', "no import or export"),
        ('import { b } from "./b.js";\n', "needed by what it needs itself"),
    ],
)
def test_what_cannot_be_joined_is_refused(monkeypatch, tmp_path, text, told):
    monkeypatch.setattr(joining, "STATIC", tmp_path)
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text(text)
    (tmp_path / "js" / "b.js").write_text('import { a } from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(ValueError, match=told):
        bundle([tmp_path / "js" / "a.js"])


def test_templates_have_no_inline_handlers():
    for path in (Path(STATIC).parent / "templates").rglob("*.html"):
        assert not re.search(r"\son\w+=", path.read_text("utf-8")), path.name
