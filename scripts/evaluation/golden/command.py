"""`scripts/evaluate golden`: hold the golden addresses against the program; renew their reports."""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.evaluation.golden.files import (
    find_failures,
    golden_files,
    read_lines,
    read_report,
    renew_report,
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--renew", action="store_true", help="write the reports of failures anew")


def run(options: argparse.Namespace, root: Path) -> None:
    """Print a line for each file, and the failures that are not in its report."""
    for file in golden_files():
        known = read_report(file)
        failures = renew_report(file) if options.renew else find_failures(file)
        new = [f for f in failures if f not in known]
        print(
            f"{file.relative_to(root)}: {len(read_lines(file))} lines, {len(failures)} fail,"
            f" {len(new)} of them new, {len([f for f in known if f not in failures])} mended"
        )
        for failure in new:
            print(
                f"  {failure.text!r}\n    expected {failure.expected}\n    got      {failure.got}"
            )
