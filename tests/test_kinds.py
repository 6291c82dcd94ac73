"""A kind of record that the registry knows appears everywhere that works on its sort of kinds."""

import pytest
from sqlalchemy import text

from gis.actions.location.coordinate_check import CHECKED
from gis.actions.location.registers import REGISTERS
from gis.actions.provenance.import_checks import CHECKS
from gis.agreement import NOUNS, singular
from gis.cli.data import import_group
from gis.cli.location import geocode_command
from gis.cli.register import export_command, template_command
from gis.domain.kinds import KIND_OF_ONE, KINDS
from gis.exchange.columns import match_columns
from gis.exchange.masking import shown
from gis.store.location import locations, review
from gis.store.provenance.records import MODELS
from gis.store.tables import Base
from gis.store.tables.kinds import TellsOfReal, ToLocate, kinds_with
from gis.words.events import EVENTS
from gis.words.kinds import LOCATED_KINDS, RECORD_KINDS
from webmap.statistics.words.measures import MEASURES

OWN_RULES = {"communities", "blocks"}
"""Ground that is stored by rules of its own, in no table of records."""

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
each_located = pytest.mark.parametrize("name", LOCATED_KINDS)


@each_kind
def test_a_kind_is_called_as_its_module_says(kind):
    assert KINDS[kind.name] is kind
    assert KIND_OF_ONE[kind.one] is kind
    assert kind.zh and kind.en
    assert kind.is_located <= bool(kind.one_zh and kind.one_en)
    assert all(f.zh for f in kind.fields)


@each_kind
def test_what_a_kind_names_is_there(kind):
    derived = {*kind.by_name, *kind.derived}
    assert {*kind.tells_apart, *kind.listed, *filter(None, [kind.key])} <= set(kind.by_name)
    assert kind.own_name in {*derived, None}
    assert kind.belongs_to in {*KINDS, None}
    assert set(kind.checks) <= set(CHECKS)
    for field in kind.fields:
        assert (field.type == "choice") == bool(field.choices)
        assert field.words.keys() <= set(field.choices)
        assert field.default is None or field.default in field.choices or not field.choices


@each_kind
@pytest.mark.parametrize("language", ["zh", "en"])
def test_columns_called_as_in_either_language_are_recognised(kind, language):
    called = [getattr(f, language) for f in kind.fields]
    read = match_columns(kind, called, None, file="x.csv")
    assert {field: source.written for field, source in read.items()} == {
        f.name: getattr(f, language) for f in kind.fields
    }


@each_kind
def test_a_kind_has_a_table_with_its_fields(kind):
    if kind.name in OWN_RULES:
        return
    table = MODELS[kind.name].__table__
    assert table.name == kind.one
    not_there = set(kind.by_name) - set(table.columns.keys())
    assert not_there <= {"lon", "lat"}
    assert issubclass(MODELS[kind.name], ToLocate) == kind.is_located
    assert issubclass(MODELS[kind.name], TellsOfReal) == kind.tells_of_real
    assert not kind.key or MODELS[kind.name].found_by == (kind.own_name,)


def test_no_table_of_records_is_of_an_unknown_kind():
    assert set(kinds_with()) == set(KINDS) - OWN_RULES
    assert set(Base.metadata.tables) >= {KINDS[k].one for k in kinds_with()}


@each_kind
def test_a_kind_can_be_imported_and_counted_in_a_sentence(kind):
    assert (kind.name in import_group.commands) == kind.from_files
    assert f"import.{kind.name}" in EVENTS
    if kind.name != kind.one:
        assert NOUNS[kind.name] == kind.one
        assert singular(f"{{n}} {kind.name} wait", frozenset("n")) == f"{{n}} {kind.one} waits"


@each_kind
def test_personal_values_are_masked_in_defects(kind):
    for field in kind.fields:
        said = shown("abcdef", kind=kind.name, field=field.name)
        assert ("abcdef" in said) != field.personal


@each_located
def test_what_is_located_is_located_reviewed_and_checked(name):
    kind = KINDS[name]
    assert name in locations.SUBJECTS
    assert kind.one in review.MODELS
    assert name in CHECKED
    assert f"geocode.{name}" in EVENTS
    assert name in geocode_command.params[0].metavar.split("|")
    assert {"address_text", "lon", "lat"} <= set(kind.by_name)


def test_only_what_the_registry_calls_located_is_located():
    assert set(locations.SUBJECTS) == set(LOCATED_KINDS)
    assert set(review.MODELS) == {RECORD_KINDS[k].one for k in LOCATED_KINDS}


@each_kind
def test_a_register_is_listed_taken_out_and_counted_without_persons(kind):
    assert not set(kind.listed) & kind.personal
    assert (kind.name in REGISTERS) == bool(kind.listed)
    assert (kind.name in export_command.params[0].type.choices) >= bool(kind.listed)
    if kind.listed:
        assert kind.is_located and kind.listed[0] == MODELS[kind.name].title
    columns = {measure.column for measure in MEASURES}
    assert (kind.counted_as in columns) >= bool(kind.listed and kind.counted_as)


@each_kind
def test_a_kind_that_needs_no_shape_has_a_template(kind):
    can_stand_in_a_table = kind.from_files and not kind.geometry_required
    assert (kind.name in template_command.params[0].type.choices) == can_stand_in_a_table


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("ck_location_decision_subject_is_known", [RECORD_KINDS[k].one for k in LOCATED_KINDS]),
        ("ck_geocode_run_subject_is_known", LOCATED_KINDS),
        ("ck_search_name_kind_is_known", [k.one for k in KINDS.values() if k.found_by_name]),
    ],
)
def test_the_database_knows_the_words_of_the_kinds(session, constraint, words):
    rule = session.scalar(
        text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
        {"name": constraint},
    )
    assert [w for w in words if f"'{w}'" not in rule] == []
