"""What is refused as a password, whatever signs are put around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.password import check_password, demo_password, is_common, is_published
from gis.domain.sign_in import PACES, network_of, printable, wait_after
from gis.errors import InvalidInput

SIGNS = st.text(alphabet="0123456789!-_.#", max_size=6)


@given(st.sampled_from(["password", "dragon", "sunshine", "qwerty", "iloveyou"]), SIGNS, SIGNS)
def test_a_common_word_stays_common_with_signs_around_it(word, before, after):
    assert is_common(f"{before}{word}{after}")
    assert is_common(f"{before}{word.title()}{after}")


@pytest.mark.parametrize("password", ["P@ssw0rd-2026", "1q2w-3e4r-5T", "Pa55word!!!!"])
def test_disguises_are_seen_through(password):
    with pytest.raises(InvalidInput, match="commonest"):
        check_password(password)


@given(
    st.sampled_from(["li.na", "王小明王", "Planner"]), st.text(max_size=20), st.text(max_size=20)
)
def test_the_login_is_never_part_of_it(login, before, after):
    with pytest.raises(InvalidInput):
        check_password(f"{before}{login.upper()}{after}", login=login)


def test_every_password_of_the_demonstration_is_known():
    assert all(is_published(demo_password(r)) for r in ("planner", "community_manager"))


@given(st.floats(0, 1e9), st.sampled_from(sorted(PACES)))
def test_waits_never_shrink_with_failures_and_never_pass_the_longest(failures, kind):
    pace = PACES[kind]
    assert wait_after(failures, pace) <= wait_after(failures + 1, pace) <= pace.longest


@given(st.text(), st.integers(2, 80))
def test_a_kept_text_is_short_and_printable(text, most):
    kept = printable(text, most)
    assert len(kept) <= most and kept.isprintable()
    kept.encode()


@given(st.ip_addresses().map(str) | st.text())
def test_an_address_counts_as_one_place(text):
    assert network_of(network_of(text).split("/")[0]) in (network_of(text), "unknown")
