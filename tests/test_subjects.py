"""Every folder of a layer is a subject, and a subject knows itself and those before it."""

import ast
import re
from pathlib import Path

import pytest

import gis
from gis.store import tables

ROOT = Path(gis.__file__).parents[1]

SUBJECTS = (
    "access",
    "area",
    "provenance",
    "jobs",
    "ground",
    "counts",
    "plan",
    "location",
    "register",
    "casework",
    "fieldwork",
    "statistics",
)
"""Lower first."""

OWNER = {
    "user_account": "access",
    "user_role": "access",
    "user_area": "access",
    "user_session": "access",
    "sign_in_wait": "access",
    "sign_in_place": "access",
    "audit_entry": "access",
    "disclosure": "access",
    "platform": "area",
    "division_unit": "area",
    "data_source": "provenance",
    "import_batch": "provenance",
    "import_defect": "provenance",
    "import_former_row": "provenance",
    "job": "jobs",
    "job_file": "jobs",
    "barrier": "ground",
    "land_cover": "ground",
    "compound": "ground",
    "building": "ground",
    "block_build": "ground",
    "enclosure": "ground",
    "block": "ground",
    "block_lineage": "ground",
    "waiting_block": "ground",
    "block_count": "counts",
    "plan": "plan",
    "live_plan": "plan",
    "grid_code": "plan",
    "grid_lineage": "plan",
    "grid": "plan",
    "block_assignment": "plan",
    "grid_worker": "plan",
    "plan_edition": "plan",
    "plan_workspace": "plan",
    "plan_step": "plan",
    "address": "location",
    "address_alias": "location",
    "location_decision": "location",
    "register_version": "location",
    "register_key": "location",
    "geocode_run": "location",
    "search_name": "location",
    "search_key": "location",
    "search_door": "location",
    "household": "register",
    "resident": "register",
    "place": "register",
    "organisation": "register",
    "topic": "casework",
    "topic_word": "casework",
    "incident": "casework",
}
"""The subject whose rows a table holds."""

NAMED_TODAY = {
    # What a person may is asked at every request: in which communities and grids her roles hold.
    "gis.store.access.users -> division_unit",
    "gis.store.access.users -> grid_worker",
}
"""Statements that name a table of a later subject today; the list may only become shorter."""

CALLED_TODAY = {
    # The importer checks what a kind asks for; falls when each kind of record says its own checks.
    "gis.actions.provenance.import_checks -> gis.store.casework.topics.meanings",
}
"""Actions that call the store of a later subject today; the list may only become shorter."""

ASKED_TODAY: set[str] = set()
"""Modules outside the store that read or write through a session; the list may only shrink."""

TYPED_TODAY = {
    "gis/actions/access/accounts.py",
    "gis/actions/access/passwords.py",
    "gis/actions/access/sign_in.py",
    "gis/actions/location/coordinate_check.py",
    "gis/actions/location/geocode.py",
    "gis/actions/location/misplacement.py",
    "gis/actions/location/review.py",
    "gis/actions/plan/branching.py",
    "gis/actions/plan/drawings.py",
    "gis/actions/plan/grid_codes.py",
    "gis/actions/plan/impact.py",
    "gis/actions/plan/plan_checks.py",
    "gis/actions/plan/plan_files.py",
    "gis/actions/plan/plans.py",
    "gis/actions/plan/publishing.py",
    "gis/actions/plan/workers.py",
    "gis/actions/plan/working_ground.py",
    "gis/actions/plan/workspace.py",
    "gis/actions/provenance/imports.py",
    "gis/actions/register/households_changing_grid.py",
    "webmap/plan/api/drawings.py",
    "webmap/plan/api/workspace.py",
    "webmap/plan/pages/redraw.py",
    "webmap/plan/words/plan_view.py",
}
"""Modules outside the store that say of a value which table's row it is; they do nothing else with
the table. Falls where pages and actions are given plain values instead of rows."""

POINTED_TODAY = {
    # A person's rights hold within units of the division tree: only their number is known here.
    "user_area -> division_unit",
}
"""Rows that point to rows of a later subject, each with its reason."""

CLASSES = {
    mapper.class_.__name__: mapper.local_table.name for mapper in tables.Base.registry.mappers
}
STATEMENTS = {
    "execute",
    "scalars",
    "scalar",
    "get",
    "get_one",
    "add",
    "add_all",
    "delete",
    "merge",
    "refresh",
}
"""What a session reads and writes with; ``flush``, ``expire`` and savepoints only say when."""

NAMED = re.compile(r"\b(?:from|join|update|into|using|table|only)\s+(?:only\s+)?([a-z_]+)", re.I)


def modules(layer):
    for path in sorted((ROOT / "gis" / layer).rglob("*.py")):
        parts = path.relative_to(ROOT / "gis" / layer).parts
        if len(parts) > 1 and parts[0] in SUBJECTS:
            yield parts[0], path


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def docstrings(tree):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr):
            yield id(node.body[0].value)


def tables_named(path):
    """Give the tables that a module names: by their class, or in the text of a statement."""
    tree = ast.parse(path.read_text("utf-8"))
    told = set(docstrings(tree))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gis.store.tables"):
            found |= {CLASSES[a.name] for a in node.names if a.name in CLASSES}
        elif isinstance(node, ast.Attribute) and node.attr in CLASSES:
            found.add(CLASSES[node.attr])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = [] if id(node) in told else NAMED.findall(node.value)
            found |= {name.lower() for name in named} & set(OWNER)
    return found


def is_before(subject, other):
    return SUBJECTS.index(subject) <= SUBJECTS.index(other)


@pytest.mark.parametrize(
    "layer",
    ["gis/store", "gis/store/tables", "gis/actions", "tests/gis/store", "tests/gis/actions"],
)
def test_the_folders_of_a_layer_are_subjects(layer):
    folders = {p.name for p in (ROOT / layer).iterdir() if p.is_dir() and p.name[0] not in "._"}
    assert folders - {"migrations", "tables"} <= set(SUBJECTS)


def test_every_table_has_its_subject():
    assert set(OWNER) == set(tables.Base.metadata.tables)
    assert set(OWNER.values()) <= set(SUBJECTS)


def test_a_table_lies_in_the_folder_of_its_subject():
    lies = {
        mapper.local_table.name: mapper.class_.__module__.split(".")[3]
        for mapper in tables.Base.registry.mappers
    }
    assert lies == OWNER


def test_a_row_points_to_rows_of_its_own_subject_or_of_one_before():
    wrong = {
        f"{table.name} -> {key.column.table.name}"
        for table in tables.Base.metadata.sorted_tables
        for key in table.foreign_keys
        if not is_before(OWNER[key.column.table.name], OWNER[table.name])
    }
    assert wrong == POINTED_TODAY


def test_an_action_calls_the_store_of_its_own_subject_or_of_one_before():
    wrong = {
        f"{name_of(path)} -> {name}"
        for subject, path in modules("actions")
        for name in imported(ast.parse(path.read_text("utf-8")))
        if (parts := name.split("."))[:2] == ["gis", "store"]
        and parts[2] in SUBJECTS
        and not is_before(parts[2], subject)
    }
    assert wrong == CALLED_TODAY


def test_statements_name_tables_of_their_own_subject_or_of_one_before():
    wrong = {
        f"{name_of(path)} -> {table}"
        for layer in ("store", "actions")
        for subject, path in modules(layer)
        for table in tables_named(path)
        if not is_before(OWNER[table], subject)
    }
    assert wrong == NAMED_TODAY


# Nobody but the store reads or writes through a session, or knows a table


def outside_the_store():
    for root in ("gis", "webmap"):
        for path in sorted((ROOT / root).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(("gis/store/", "gis/database/")):
                yield name, ast.parse(path.read_text("utf-8"))


def asks_a_session(tree):
    """Say whether a module calls a method of a session of the database that makes a statement."""
    is_flask = "flask.session" in set(imported(tree))
    return not is_flask and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in STATEMENTS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"session", "connection"}
        for node in ast.walk(tree)
    )


def tables_known(tree):
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gis.store.tables")
        for alias in node.names
    }


def names_used(tree):
    """Give the names that a module uses otherwise than to say of what type a value is."""
    said = set()
    for node in ast.walk(tree):
        for field in ("annotation", "returns"):
            if (type_ := getattr(node, field, None)) is not None:
                said |= {id(inner) for inner in ast.walk(type_)}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in said}


def test_only_the_store_reads_and_writes_through_a_session():
    assert {name for name, tree in outside_the_store() if asks_a_session(tree)} == ASKED_TODAY


def test_only_the_store_knows_tables():
    typed = {name for name, tree in outside_the_store() if tables_known(tree)}
    used = {name for name, tree in outside_the_store() if tables_known(tree) & names_used(tree)}
    assert used <= ASKED_TODAY
    assert typed == TYPED_TODAY
