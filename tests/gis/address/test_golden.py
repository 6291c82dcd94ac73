"""Golden files: no line may fail that did not fail before; a mended one must leave the report.

`scripts/evaluate golden` shows what fails, `scripts/evaluate golden --renew` writes the reports.
"""

import pytest

from scripts.evaluation.golden.files import (
    FOLDER,
    find_failures,
    golden_files,
    read_lines,
    read_report,
    renew_report,
    report_of,
)

FILES = golden_files()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_report_names_exactly_the_lines_that_fail_today(file):
    failures, known = find_failures(file), read_report(file)
    assert [f for f in failures if f not in known] == [], "new failures"
    assert [f for f in known if f not in failures] == [], "stale: scripts/evaluate golden --renew"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_text_stands_twice_in_a_file(file):
    texts = [text for text, _ in read_lines(file)]
    assert len(texts) == len(set(texts))


def test_there_is_variety_enough_and_no_report_without_its_file():
    counts = {file.name: len(read_lines(file)) for file in FILES}
    assert counts["western.parts.csv"] >= 150
    assert counts["chinese.parts.csv"] >= 150
    assert set(FOLDER.glob("*.report.csv")) <= {report_of(file) for file in FILES}


def test_a_line_that_fails_is_found_reported_and_forgotten_when_mended(tmp_path):
    file = tmp_path / "drawn.parts.csv"
    file.write_text("text,parts\n12 Elm St,number=13; street=elm street\n5 Elm St,number=5\n")
    assert [f.text for f in find_failures(file)] == ["12 Elm St", "5 Elm St"]
    assert renew_report(file) == read_report(file)
    file.write_text("text,parts\n12 Elm St,street=elm street; number=12\n")
    assert renew_report(file) == [] and not report_of(file).exists()
