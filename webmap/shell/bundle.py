"""Join our script modules into one script: for a page, and for a file that opens from disk.

A page of fifty small modules would ask fifty times, and browsers load no modules from disk, so
each module becomes a function that gives what it exports, in the order in which they need each
other. Our modules keep to one form:
``import { a, b } from "./x.js";``, and ``export`` before function, class and const; what has
another form is refused, and a test loads every module that way.
"""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"

_IMPORT = re.compile(r'^import \{([^}]+)\} from "([^"]+)";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:(?:async )?function|class|const) (\w+))", re.M)
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*|\bimport\(.*", re.M)


def bundle(entries: list[Path]) -> str:
    """Give one classic script that holds the modules and everything they import.

    What a module exports is afterwards found by `exported`.

    Raises
    ------
    ValueError
        A module imports or exports in another form than the one above, or is needed by what it
        needs itself.
    """
    order: list[Path] = []
    for entry in entries:
        _collect(entry.resolve(), order, ())
    return "\n".join(_as_function(path) for path in order)


def exported(path: Path, name: str) -> str:
    """Give the expression under which a bundled module's export is found."""
    return f"{_variable(path.resolve())}.{name}"


def bundle_module(entries: list[Path]) -> str:
    """Give one module that exports what the entries export, and holds everything they import.

    Raises
    ------
    ValueError
        As `bundle`; or two of the entries export one name.
    """
    script = bundle(entries)
    given: list[str] = []
    for entry in dict.fromkeys(path.resolve() for path in entries):
        names = _EXPORT.findall(entry.read_text("utf-8"))
        if twice := sorted({*names} & {*given}):
            raise ValueError(f"{entry.name} exports {', '.join(twice)} once more")
        given += names
        if names:
            script += f"\nexport const {{ {', '.join(names)} }} = {_variable(entry)};"
    return script + "\n"


def _collect(path: Path, order: list[Path], asked_by: tuple[Path, ...]) -> None:
    if path in order:
        return
    if path in asked_by:
        raise ValueError(f"{path.name} is needed by what it needs itself")
    for _, source in _IMPORT.findall(path.read_text("utf-8")):
        _collect((path.parent / source).resolve(), order, (*asked_by, path))
    order.append(path)


def _as_function(path: Path) -> str:
    text = path.read_text("utf-8")
    names = _EXPORT.findall(text)
    wanted = "".join(
        f"const {{{parts}}} = {_variable((path.parent / source).resolve())};\n"
        for parts, source in _IMPORT.findall(text)
    )
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    if other := _OTHER_FORM.search(body):
        raise ValueError(
            f"{path.name}: {other.group(0)!r} is no import or export that can be joined"
        )
    given = f"return {{ {', '.join(names)} }};"
    return f"const {_variable(path)} = (() => {{\n{wanted}{body}\n{given}\n}})();"


def _variable(path: Path) -> str:
    return "module_" + re.sub(r"\W", "_", str(path.relative_to(STATIC.resolve() / "js")))
