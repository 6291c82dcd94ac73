"""What a log says of a mistake never holds what somebody typed or what a row holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gis.errors import InvalidInput
from gis.failures import FailedElsewhere, account_of

PLANTED = "张植入13912345678"


def caught(work):
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError("nothing failed")


def wrapped(value):
    try:
        raise KeyError(value)
    except KeyError as error:
        raise ValueError(f"not {value}") from error


@given(st.text(alphabet="张甲乙0123456789", min_size=6))
def test_no_value_of_a_chain_of_exceptions_is_told_but_every_kind_is(value):
    told = account_of(caught(lambda: wrapped(value)))
    assert value not in told
    assert told.startswith("ValueError\n") and "caused by KeyError" in told
    assert "test_failures.py" in told and "in wrapped" in told


@pytest.mark.parametrize(
    ("statement", "kind", "code"),
    [
        ("INSERT INTO note (words, n) VALUES (:planted, 1)", IntegrityError, "23514"),
        ("INSERT INTO note (words, n) VALUES (:planted, 5)", IntegrityError, "23505"),
    ],
)
def test_a_failing_row_is_told_by_code_and_constraint_only(session, statement, kind, code):
    session.execute(text("CREATE TEMP TABLE note (words text UNIQUE, n int CHECK (n > 3))"))
    session.execute(text("INSERT INTO note VALUES (:planted, 5)"), {"planted": PLANTED})
    with pytest.raises(kind) as refused, session.begin_nested():
        session.execute(text(statement), {"planted": PLANTED})
    told = account_of(refused.value)
    assert PLANTED in str(refused.value.orig), "the driver's words hold it: the test bites"
    assert PLANTED not in told and f"sqlstate={code}" in told
    parameters = f"{refused.value}".replace(str(refused.value.orig), "")
    assert PLANTED not in parameters and "hide_parameters" in parameters


def test_a_value_that_does_not_fit_is_refused_without_being_told(session):
    with pytest.raises(InvalidInput) as refused, session.begin_nested():
        session.execute(
            text("SELECT CAST(CAST(:planted AS text) AS integer)"), {"planted": PLANTED}
        )
    assert PLANTED in str(refused.value.__cause__), "the driver's words hold it: the test bites"
    told = account_of(refused.value)
    assert PLANTED not in told and PLANTED not in str(refused.value)
    assert "sqlstate=22P02" in told


def test_what_another_process_said_is_told():
    there = account_of(caught(lambda: wrapped("x")))
    assert "in wrapped" in account_of(FailedElsewhere(there))
