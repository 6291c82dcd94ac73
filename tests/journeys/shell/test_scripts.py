"""The small functions behind tables, legends and labels, tried in the browser that runs them."""

import ast
from pathlib import Path

import pytest

import webmap
from webmap.shell.bundle import STATIC, bundle, exported

pytestmark = pytest.mark.browser


@pytest.fixture
def run(visit):
    page = visit("official", "/official/")

    def call(module, expression):
        return page.evaluate(
            f"import('/static/js/{module}.js').then((m) => {{ return {expression}; }})"
        )

    return call


def test_what_the_scripts_promise(run):
    rows = "[{n: 2}, {n: null}, {n: 10}]"
    assert [r["n"] for r in run("shell/table", f"m.sorted({rows}, 'n', true)")] == [10, 2, None]
    assert [r["n"] for r in run("shell/table", f"m.sorted({rows}, 'n', false)")] == [2, 10, None]
    text = run(
        "shell/table", "m.asText([{key: 'a', label: 'A'}], [{a: '=1+1'}, {a: 'x,\"y'}], ',')"
    )
    assert text == 'A\n\'=1+1\n"x,""y"'
    assert run("maps/colours", "[0, 5, 5.1, 99].map((v) => m.classOf(v, [5, 10]))") == [0, 0, 1, 1]
    assert run("maps/legend", "m.colours(5).length") == 5
    room = "(() => { const f = m.makeRoom(); return [f(0,0,9,9), f(5,5,12,12), f(20,0,30,9)]; })()"
    assert run("maps/labels", room) == [True, False, True]
    bent = "[{x: 0, y: 0}, {x: 60, y: 0}, {x: 60, y: 100}]"
    spot = run("maps/labels", f"m.placeOnLine({bent}, 80)")
    assert (spot["x"], spot["y"]) == (60, 50)
    assert run("maps/labels", f"m.placeOnLine({bent}, 200)") is None
    widths = run(
        "maps/ground_style", "[8, 12, 14, 16, 18, 19].map((z) => m.widthAt('main_road', z))"
    )
    assert widths == sorted(widths)


def test_every_module_can_be_read(visit):
    """A page loads what it needs only; here all are loaded, so that none is broken unseen."""
    page = visit("planner", "/planner/")
    folder = Path(webmap.__file__).parent / "static" / "js"
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*.js"))]
    assert len(names) > 50
    broken = page.evaluate(
        """async (names) => {
            const told = await Promise.all(names.map((name) => import('/static/js/' + name)
                .then(() => null, (error) => `${name}: ${error.message}`)));
            return told.filter(Boolean);
        }""",
        names,
    )
    assert broken == []


def test_null_is_left_out_wherever_children_are_put():
    """`replaceChildren(null)` writes the word null; `fill` of element.js does not."""
    folder = Path(webmap.__file__).parent / "static" / "js"
    bare = [p.name for p in folder.rglob("*.js") if ".replaceChildren(" in p.read_text("utf-8")]
    assert bare == ["element.js"]


def test_every_module_gives_the_same_when_joined_for_a_file(visit):
    """The stand-alone map joins our modules into one script; no module may lose a name by it."""
    page = visit("planner", "/planner/")
    files = sorted((STATIC / "js").rglob("*.js"))
    joined = bundle(files)
    expressions = ", ".join(f"Object.keys({exported(file, '')[:-1]})" for file in files)
    given = page.evaluate(f"(() => {{\n{joined}\nreturn [{expressions}];\n}})()")
    names = [file.relative_to(STATIC / "js").as_posix() for file in files]
    wanted = page.evaluate(
        """async (names) => {
            const modules = names.map((name) => import('/static/js/' + name));
            return (await Promise.all(modules)).map((module) => Object.keys(module));
        }""",
        names,
    )
    assert sum(map(len, wanted)) > 150
    for name, ours, theirs in zip(names, given, wanted, strict=True):
        assert sorted(ours) == sorted(theirs), name


def test_journeys_wait_for_functions_and_not_for_texts():
    """A text is evaluated on every frame, which the content policy of the pages refuses."""
    folder = Path(__file__).parents[1]
    texts = [
        f"{path.name}:{call.lineno}"
        for path in folder.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", "") == "wait_for_function"
        and isinstance(call.args[0], ast.Constant)
        and "=>" not in call.args[0].value
    ]
    assert texts == []
