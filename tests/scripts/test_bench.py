"""Every subject of the bench has a table, options and rows; the readme tells of each."""

import argparse
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = (ROOT / "scripts" / "bench").read_text(encoding="utf-8")
SUBJECTS = re.findall(r'^    "(\w+)": "', SCRIPT, flags=re.MULTILINE)


def test_every_bench_module_with_a_table_is_a_subject():
    modules = (ROOT / "scripts" / "benchmarks").glob("*.py")
    with_table = {m.stem for m in modules if "\nHEADING = " in m.read_text(encoding="utf-8")}
    assert with_table == set(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_has_rows_and_its_options_have_defaults(subject):
    bench = importlib.import_module(f"scripts.benchmarks.{subject}")
    parser = argparse.ArgumentParser()
    if hasattr(bench, "add_options"):
        bench.add_options(parser)
    rows = bench.run(parser.parse_args([]))
    assert iter(rows) is rows and bench.HEADING.strip() and bench.__doc__


@pytest.mark.parametrize("language", ["", ".zh"])
def test_the_readme_tells_of_every_subject(language):
    readme = (ROOT / f"README{language}.md").read_text(encoding="utf-8")
    missing = [subject for subject in SUBJECTS if f"scripts/bench {subject}" not in readme]
    assert missing == []


@pytest.mark.parametrize(("words", "status"), [([], 0), (["--help"], 0), (["nothing"], 2)])
def test_without_a_subject_it_says_which_there_are(words, status):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "bench", *words], capture_output=True, text=True
    )
    assert done.returncode == status
    assert all(subject in done.stdout for subject in SUBJECTS)
