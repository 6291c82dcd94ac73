"""What a page refuses is said in its language: no template without its Chinese."""

import ast
import json
import re
from pathlib import Path
from string import Formatter

import pytest

import gis
from gis import errors
from gis.actions.plan import editions, workspace
from gis.domain.plan import PLAN_STATES, STEPS
from gis.errors import (
    Conflict,
    Defect,
    GisError,
    InfeasibleDivision,
    InvalidInput,
    Message,
    listed,
)
from gis.exchange.sniff import _XML_ROOTS
from gis.exchange.table import read_answer, write_answer
from gis.words.permissions import PERMISSIONS_OF_ROLE
from webmap.shell.language import catalogue, say, say_defect

ROOT = Path(gis.__file__).parents[1]
READERS = (
    "archive cells columns coordinates dates delimited division_file encoding geojson header layers"
)
READERS += " dbf_text formats kml quantities records sandbox shapes sniff staging table values"
READERS += " wkb workbook"
REACHED = [
    *(f"gis/exchange/{name}.py" for name in READERS.split()),
    "gis/actions",
    "gis/domain",
    "gis/geometry/redraw",
    "gis/geometry/partition",
    "gis/geometry/correction.py",
    "gis/geometry/crs.py",
    "gis/store/provenance/batches.py",
    "gis/store/plan/comparison.py",
    "gis/store/area/divisions.py",
    "gis/store/jobs",
    "gis/store/plan/drawings.py",
    "gis/database/engine.py",
    "gis/store/register/households.py",
    "gis/store/plan/place_grids.py",
    "gis/store/plan/plan_drafts.py",
    "gis/store/plan/plans.py",
    "gis/store/location/review.py",
    "gis/store/location/runs.py",
    "gis/store/statistics/by_level.py",
    "gis/store/ground/tiles.py",
    "webmap",
]
WORDED = {"Defect", "Message", "ShapeError", "_Refused"} | {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, GisError)
}
BARE = re.compile(r"\{[^{}]*\}")


def modules():
    for place in REACHED:
        path = ROOT / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def first_texts(path):
    """Yield the line and the first argument of each refusal, defect and message of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "id", "")
            cell = called == "ValueError" and path.name in (
                "values.py",
                "dates.py",
                "quantities.py",
            )
            if called in WORDED or cell:
                yield node.lineno, node.args[0]


def templates():
    found = {}
    for path in modules():
        for line, text in first_texts(path):
            if isinstance(text, ast.Constant) and text.value:
                found[text.value] = f"{path.relative_to(ROOT)}:{line}"
    words = [*PLAN_STATES, *STEPS, *set().union(*PERMISSIONS_OF_ROLE.values())]
    words += [
        *(t for t in map(template_of, _XML_ROOTS.values()) if " " in t),
        "grid",
        "block",
        "household",
    ]
    words += [*workspace._REASONS.values(), *editions._WORDS.values()]
    return found | dict.fromkeys(words, "a text kept apart from its refusal")


def template_of(text):
    return text.template if isinstance(text, Message) else text


def names_in(template):
    return sorted({name for _, name, _, _ in Formatter().parse(template) if name})


def test_no_refusal_that_a_page_shows_is_an_f_string():
    stiff = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        for line, text in first_texts(path)
        if isinstance(text, ast.JoinedStr)
    ]
    assert stiff == []


def test_no_refusal_that_a_page_shows_is_without_its_chinese():
    chinese = catalogue("zh")
    missing = {
        template: place
        for template, place in templates().items()
        if not (chinese.get(template) and chinese.get(template).string)
    }
    assert missing == {}


def test_the_chinese_of_a_refusal_keeps_its_names():
    chinese = catalogue("zh")
    for template, place in templates().items():
        if BARE.search(template) and chinese.get(template):
            assert names_in(chinese.get(template).string) == names_in(template), place


def test_a_message_is_its_english_sentence_and_is_said_in_chinese():
    refusal = Conflict(
        "cannot {step} a plan that is {state}; possible from: {possible}",
        step=Message("publish"),
        state=Message("draft"),
        possible=listed(["approved", "submitted"]),
    )
    assert str(refusal) == (
        "cannot publish a plan that is draft; possible from: approved, submitted"
    )
    said = say(refusal.message, "zh")
    assert "草案" in said and "已批准、待审批" in said
    assert say(refusal.message, "en") == str(refusal)


def test_a_value_is_never_translated_unless_it_is_a_message():
    kept = say(Message("there is no account “{login}”", login="draft"), "zh")
    assert "draft" in kept and "草案" not in kept


def test_what_no_catalogue_knows_stays_english():
    assert say(Message("an odd thing {n}", n=3), "zh") == "an odd thing 3"
    assert say("a {brace} in a plain text", "zh") == "a {brace} in a plain text"


def test_a_defect_tells_its_row_in_chinese():
    defect = Defect(Message("there is no account “{login}”", login="x"), file="a.csv", row=3)
    assert say_defect(defect, "zh").startswith("a.csv, 第 3 行: ")
    assert say_defect(defect, "en") == str(defect)


def test_a_refusal_of_the_process_that_reads_keeps_its_template(tmp_path):
    told = Message("{name}: the zip is damaged or cut short", name="a.zip")
    nested = Message("{value} {problem}", value="'x'", problem=Message("must not be negative"))
    write_answer(tmp_path, InvalidInput(told, [Defect(nested, file="a.csv", row=3)]))
    with pytest.raises(InvalidInput) as caught:
        read_answer(tmp_path)
    assert str(caught.value) == "a.zip: the zip is damaged or cut short"
    assert say(caught.value.message, "zh") == "a.zip：zip 已损坏或不完整。"
    assert say_defect(caught.value.defects[0], "zh") == "a.csv, 第 3 行: 'x' 不能为负数"


@pytest.mark.parametrize("odd", ["{name.__class__}", "{name:99999}", "{name[0]}", "{ name}"])
def test_an_odd_template_of_the_process_that_reads_is_never_filled_in(tmp_path, odd):
    (tmp_path / "answer.json").write_text(
        json.dumps({"refused": [odd, {"name": "x"}], "defects": []}), "utf-8"
    )
    with pytest.raises(InvalidInput) as caught:
        read_answer(tmp_path)
    assert str(caught.value) == odd


def test_a_remedy_is_said_after_its_refusal():
    refusal = InfeasibleDivision(
        Message("there is no account “{login}”", login="x"), rule="odd", remedy=Message("draft")
    )
    assert str(refusal) == "there is no account “x” draft"
    assert say(refusal.message, "zh").endswith("草案")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/plans/999999/workspace", 404),
        ("post", "/api/v1/plans/999999/submit", 404),
        ("get", "/api/v1/no-such-address", 404),
    ],
)
def test_a_refusal_is_chinese_on_a_chinese_page(sign_in, method, path, status):
    browser = sign_in("planner")
    browser.set_cookie("language", "zh")
    answer = browser.open(path, method=method.upper(), json={} if method == "post" else None)
    assert answer.status_code == status
    assert re.search(r"[\u4e00-\u9fff]", answer.get_json()["message"])
    assert not re.search(r"[A-Za-z]{3}", answer.get_json()["message"])
