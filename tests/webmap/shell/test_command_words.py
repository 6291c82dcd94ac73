"""Words for the command line are said there, and on no page and in no answer of the server."""

import ast
import io
import json
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from shapely import box

import gis
from gis.errors import CommandHint, Defect, InvalidInput, Message, with_hints
from gis.exchange.table import read_answer, write_answer
from webmap.shell.language import catalogue, say, say_defect

ROOT = Path(gis.__file__).parents[1]
AT_THE_COMMAND_LINE = ("gis/cli/", "gis/__main__.py", "webmap/command.py")
UNSAID = ("gis/store/migrations/",)
"""What earlier releases wrote stands there, to be reworded."""

TYPED = re.compile(r"(?<![\w-])--[a-z]|community-grid [a-z]|`(?:import|init|blocks|draw|geocode)\b")
ARGUMENT = re.compile(r"--[a-z][a-z-]*(=.*)?")
"""An option of another program, given to it whole."""

UPLOADS = {
    "/api/v1/communities/522632100001/divisions": "planner",
    "/api/v1/imports/communities": "administrator",
    "/api/v1/extracts": "administrator",
}
"""Every address that takes a file, and who may send one."""
ALWAYS = {"/api/v1/extracts": {"code_prefix": "522632"}}
"""What is asked for beside the file."""


# In the sources


def sources():
    for path in sorted([*(ROOT / "gis").rglob("*.py"), *(ROOT / "webmap").rglob("*.py")]):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((*AT_THE_COMMAND_LINE, *UNSAID)):
            yield name, path.read_text("utf-8")


def typed_words(source):
    """List line and text of every string that names an option or a command outside a hint."""
    tree = ast.parse(source)
    silent = set()
    for node in ast.walk(tree):
        is_hint = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "CommandHint"
        if is_hint or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            silent |= {id(inner) for inner in ast.walk(node)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in silent and TYPED.search(node.value)
        if not ARGUMENT.fullmatch(node.value)
    ]


def test_no_text_of_the_program_names_an_option_or_a_command_but_as_a_hint():
    found = {
        f"{name}:{line}": text for name, source in sources() for line, text in typed_words(source)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "n_found"),
    [
        ('raise InvalidInput("{name}: state --crs", name=name)', 1),
        ('x = f"{name}: run `community-grid init`"', 1),
        ('Message("name one{hint}", hint=CommandHint("--layer LAYER"))', 0),
        ('Message("name one{hint}", hint=CommandHint(f"--map {field}=COLUMN"))', 0),
        ('def f():\n    """Take --map field=column."""', 0),
        ('run(["pg_ctl", f"--pgdata={data}"])', 0),
    ],
)
def test_a_new_text_with_an_option_is_found_unless_it_is_a_hint(source, n_found):
    assert len(typed_words(source)) == n_found


def test_no_translation_names_an_option_or_a_command():
    found = [m.id for m in catalogue("zh") if TYPED.search(f"{m.id} {m.string}")]
    assert found == []


def test_a_page_names_a_command_only_to_whoever_runs_the_server():
    """The sentence before it says for whom it is, in the same line of the template."""
    unsaid = []
    for path in [*(ROOT / "webmap" / "templates").rglob("*.html")]:
        for line in path.read_text("utf-8").splitlines():
            begin = TYPED.search(re.sub(r'style="[^"]*"|var\(--[^)]*\)', "", line))
            if begin and "hoever runs the server" not in line:
                unsaid.append(f"{path.name}: {line.strip()[:80]}")
    assert unsaid == []


def test_no_script_of_a_page_names_a_command():
    scripts = [p for p in (ROOT / "webmap/static/js").rglob("*.js") if "vendor" not in p.parts]
    assert scripts
    assert [p.name for p in scripts if re.search(r"community-grid [a-z]", p.read_text())] == []


# In a message


def test_words_for_the_command_line_are_said_there_and_nowhere_unasked():
    told = Message(
        "plan {from_plan} is not one of {community}; choose one of its plans{hint}",
        from_plan=4,
        community="青云",
        hint=CommandHint("community-grid plan list"),
    )
    refusal, defect = InvalidInput(told), Defect(told, file="a.csv", row=3)
    whole = "plan 4 is not one of 青云; choose one of its plans"
    for said in (str(refusal), str(refusal.message), f"{told}", json.loads(json.dumps(told))):
        assert said == whole
    assert say(refusal.message, "en") == whole
    assert say(refusal.message, "zh") == "方案 4 不属于青云；请选择该社区的方案。"
    assert str(defect) == say_defect(defect, "en") == f"a.csv, row 3: {whole}"
    assert with_hints(refusal) == f"{whole} (community-grid plan list)"
    assert with_hints(defect) == f"a.csv, row 3: {whole} (community-grid plan list)"


def test_a_hint_within_a_message_within_a_message_is_kept():
    inner = Message("name one layer{hint}", hint=CommandHint("--layer LAYER"))
    outer = Message("{value}: {problem}", value="a.gpkg", problem=Message(inner))
    assert str(outer) == "a.gpkg: name one layer"
    assert with_hints(InvalidInput(outer)) == "a.gpkg: name one layer (--layer LAYER)"


def test_words_for_the_command_line_stay_such_when_another_process_reads(tmp_path):
    told = Message("name one layer{hint}", hint=CommandHint("--layer LAYER"))
    write_answer(tmp_path, InvalidInput(told, [Defect(told, file="a", row=1)]))
    with pytest.raises(InvalidInput) as caught:
        read_answer(tmp_path)
    assert with_hints(caught.value) == "name one layer (--layer LAYER)"
    assert with_hints(caught.value.defects[0]) == "a, row 1: name one layer (--layer LAYER)"
    assert str(caught.value) == say(caught.value.message, "en") == "name one layer"


# In an answer


def geopackage(folder, **layers):
    path = folder / "grids.gpkg"
    for name, frame in layers.items():
        frame.to_file(path, layer=name)
    return path.read_bytes()


def workbook(folder, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "grids.xlsx")
    return (folder / "grids.xlsx").read_bytes()


def shapefiles(folder, frame, *names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            frame.to_file(folder / f"{name}.shp")
            for part in sorted(folder.glob(f"{name}.*")):
                if name != "no_crs" or part.suffix != ".prj":
                    archive.write(part, part.name)
    return packed.getvalue()


def geojson(west=108.5, south=25.9, size=0.01, **more):
    ring = [[x, y] for x, y in box(west, south, west + size, south + size).exterior.coords]
    feature = {
        "type": "Feature",
        "properties": {"code": "001"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more}).encode()


SQUARE = gpd.GeoDataFrame({"code": ["001"]}, geometry=[box(108.5, 25.9, 108.51, 25.91)], crs=4326)
TABLE = [["户号", "网格"], ["H1", "001"]]
ODD_CRS = {"crs": {"type": "link"}}
BAD_FILES = {
    "two layers": ("a.gpkg", lambda f: geopackage(f, one=SQUARE, two=SQUARE), {}),
    "no such layer": ("a.gpkg", lambda f: geopackage(f, one=SQUARE), {"layer": "two"}),
    "two worksheets": ("a.xlsx", lambda f: workbook(f, one=TABLE, two=TABLE), {}),
    "no such worksheet": ("a.xlsx", lambda f: workbook(f, one=TABLE), {"worksheet": "two"}),
    "two shapefiles": ("a.zip", lambda f: shapefiles(f, SQUARE, "one", "two"), {}),
    "a shapefile without system": ("a.zip", lambda f: shapefiles(f, SQUARE, "no_crs"), {}),
    "no column": ("a.csv", lambda f: b"a,b\n1,2\n", {}),
    "a column that is not there": ("a.csv", lambda f: b"a,b\n1,2\n", {"grid": "c"}),
    "only a grid": ("a.csv", lambda f: "网格\n001\n".encode(), {}),
    "a bad encoding": ("a.csv", lambda f: "number,grid\nH1,Zürich\n".encode("latin-1"), {}),
    "no such encoding": ("a.csv", lambda f: b"a,b\n", {"encoding": "klingon"}),
    "a bad crs member": ("a.geojson", lambda f: geojson(**ODD_CRS), {}),
    "no such system": ("a.geojson", lambda f: geojson(), {"crs": "EPSG:1"}),
    "no code of a system": ("a.geojson", lambda f: geojson(), {"crs": "--crs"}),
    "a system under the ground": ("a.geojson", lambda f: geojson(), {"crs": "EPSG:4978"}),
    "no such datum": ("a.geojson", lambda f: geojson(), {"datum": "nad27"}),
    "a datum for metres": (
        "a.geojson",
        lambda f: geojson(),
        {"datum": "gcj02", "crs": "EPSG:4545"},
    ),
    "metres as degrees": ("a.geojson", lambda f: geojson(36512345, 2870000, 100), {}),
    "degrees as metres": ("a.geojson", lambda f: geojson(), {"crs": "EPSG:4545"}),
    "a wrong zone": ("a.geojson", lambda f: geojson(512345, 9e6, 100), {"crs": "EPSG:4545"}),
    "swapped axes": ("a.geojson", lambda f: geojson(25.9, 108.5), {}),
    "an inexact datum": (
        "a.geojson",
        lambda f: geojson(450000, 2870000, 100),
        {"crs": "EPSG:2381"},
    ),
    "far away": ("a.geojson", lambda f: geojson(10, 50), {}),
    "OpenStreetMap as XML": ("a.osm", lambda f: b"<osm version='0.6'/>", {}),
    "OpenStreetMap": ("a.osm.pbf", lambda f: b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + bytes(90), {}),
    "a damaged workbook": ("a.xlsx", lambda f: b"PK\x03\x04" + bytes(60), {}),
    "an old workbook": ("a.xls", lambda f: b"\xd0\xcf\x11\xe0" + bytes(600), {}),
    "an unknown household": ("a.csv", lambda f: "户号,网格\nX,001\n".encode(), {}),
    "no file": ("", lambda f: b"", {}),
}


def test_every_place_that_takes_a_file_is_tried_here():
    pages = {n: source for n, source in sources() if n.startswith("webmap/")}
    assert [n for n, source in pages.items() if "request.files" in source] == [
        "webmap/shell/uploads.py"
    ]
    takes = [n for n, source in pages.items() if "with uploaded_file()" in source]
    assert len(takes) == len(UPLOADS), takes


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("at", UPLOADS)
def test_no_answer_about_a_file_names_an_option_or_a_command(sign_in, tmp_path, at, language):
    browser = sign_in(UPLOADS[at])
    browser.set_cookie("language", language)
    for bad, (name, content, form) in BAD_FILES.items():
        folder = tmp_path / bad
        folder.mkdir()
        sent = {"file": (io.BytesIO(content(folder)), name), **form, **ALWAYS.get(at, {})}
        answer = browser.post(at, data=sent, content_type="multipart/form-data")
        assert answer.status_code == 400 or answer.json["defects"], bad
        told = json.dumps(answer.json, ensure_ascii=False).replace("'--crs'", "")
        assert not TYPED.search(told), f"{bad}: {told}"
        assert language == "en" or re.search(r"[\u4e00-\u9fff]", told), f"{bad}: {told}"
