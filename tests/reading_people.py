"""Which public functions of the store read rows of people or places, told from the syntax tree.

A function reads a table when it, or anything of the store that it uses, names the table: by its
class, in the text of a statement, or by a mark that the table bears. What gives nothing back
shows nothing, so it is not among them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import gis
from gis.store.tables import kinds
from gis.store.tables.kinds import TellsOfReal, ToLocate, tables_with
from tests.test_subjects import NAMED, docstrings

ROOT = Path(gis.__file__).parents[1]
STORE = ROOT / "gis" / "store"

MARKED = {*tables_with(TellsOfReal), *tables_with(ToLocate)}
PEOPLE = {table.__tablename__ for table in MARKED}
"""The tables whose rows tell of people or places, or are located: by their marks."""

CLASSES = {table.__name__ for table in MARKED} | {"Located"}
"""The names that these tables have in Python, and that of what all located ones are."""

MARKS = {
    name
    for name, mark in vars(kinds).items()
    if isinstance(mark, type) and MARKED & set(tables_with(mark))
}


@dataclass
class Module:
    """A module of the store: what it defines at its top, and what its imports mean."""

    name: str
    defined: dict[str, ast.stmt] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)


@cache
def modules() -> dict[str, Module]:
    """Give the modules of the store by their dotted name, tables and migrations apart."""
    found = {}
    for path in sorted(STORE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[2] not in ("tables", "migrations"):
            found[".".join(parts)] = _read(".".join(parts), ast.parse(path.read_text("utf-8")))
    return found


def _read(name: str, tree: ast.Module) -> Module:
    module = Module(name, told=set(docstrings(tree)))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            module.imported |= {a.asname or a.name: (node.module, a.name) for a in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            module.defined[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for name_ in ast.walk(target):
                    if isinstance(name_, ast.Name):
                        module.defined[name_.id] = node
    return module


def _used(module: Module, node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Give what a definition uses, as module and name there."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            if inner.id in module.defined:
                yield module.name, inner.id
            elif inner.id in module.imported:
                yield module.imported[inner.id]
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            source, name = module.imported.get(inner.value.id, ("", ""))
            yield f"{source}.{name}", inner.attr


def _names_people(module: Module, node: ast.stmt) -> bool:
    return any(_is_of_people(module, inner) for inner in ast.walk(node))


def _is_of_people(module: Module, node: ast.AST) -> bool:
    """Say whether a piece of a definition names a table of people: class, mark or text."""
    if isinstance(node, ast.Name) and node.id in CLASSES:
        return module.imported.get(node.id, ("", ""))[0].startswith("gis.store.tables")
    if isinstance(node, ast.Attribute):
        return node.attr in CLASSES
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        marks = {a.id for a in node.args if isinstance(a, ast.Name)} or {"OfKind"}
        return node.func.id in ("tables_with", "kinds_with") and bool(marks & MARKS)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        named = () if id(node) in module.told else NAMED.findall(node.value)
        return not PEOPLE.isdisjoint(n.lower() for n in named)
    return False


def _reads_people(start: tuple[str, str]) -> bool:
    seen, open_ = {start}, [start]
    while open_:
        source, name = open_.pop()
        module = modules().get(source)
        if module is None or name not in module.defined:
            continue
        node = module.defined[name]
        if _names_people(module, node):
            return True
        new = set(_used(module, node)) - seen
        seen |= new
        open_ += new
    return False


def _gives_nothing(function: ast.FunctionDef) -> bool:
    return isinstance(function.returns, ast.Constant) and function.returns.value is None


def public_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Give the public functions of the store that work with a session, by their dotted name."""
    for module in modules().values():
        for name, node in module.defined.items():
            works = isinstance(node, ast.FunctionDef) and not name.startswith("_")
            if works and any(a.arg == "session" for a in node.args.args):
                yield f"{module.name.removeprefix('gis.store.')}.{name}", node


def takes_scope(function: ast.FunctionDef) -> bool:
    """Say whether a function is told who asks."""
    return any(a.arg == "scope" for a in (*function.args.args, *function.args.kwonlyargs))


@cache
def reading_people() -> dict[str, ast.FunctionDef]:
    """Give the public functions that read rows of people or places and give something back."""
    return {
        name: node
        for name, node in public_functions()
        if not _gives_nothing(node)
        and _reads_people(("gis.store." + name.rpartition(".")[0], node.name))
    }
