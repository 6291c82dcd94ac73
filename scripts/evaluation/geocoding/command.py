"""`scripts/evaluate geocoding`: run the chosen cases and print one table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from scripts.evaluation.geocoding.cases import CASES, NEEDS_DATA
from scripts.evaluation.geocoding.setting import Setting
from scripts.evaluation.geocoding.table import LEGEND, Table


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--case", action="append", choices=list(CASES), help="default: every case")
    parser.add_argument("--quick", action="store_true", help="fewer rows")
    parser.add_argument("--no-peers", action="store_true", help="ours only")
    parser.add_argument("--out", type=Path, help="write the table as CSV too")
    parser.add_argument(
        "--details", type=Path, help="write the wrong and the unresolved rows there, to look at"
    )


def run(options: argparse.Namespace, root: Path) -> None:
    """Run the chosen cases and print one table."""
    setting = Setting(options.data, options.quick, not options.no_peers)
    table = Table(details=options.details is not None)
    for name in options.case or CASES:
        if name in NEEDS_DATA and not options.data.exists():
            print(f"{name}: left out, there is no {options.data}", file=sys.stderr)
            continue
        for row in CASES[name](setting):
            table.add(row)
            if options.out:
                table.write_csv(options.out)
    if options.details:
        write_details(setting.looked_at, options.details)
    print(LEGEND)


def write_details(tables: list[pd.DataFrame], path: Path) -> None:
    """Write the rows to look at, of all cases, into one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    filled = [t for t in tables if len(t)]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
    whole.to_csv(path, index=False)
    print(f"{len(whole)} rows to look at: {path}", file=sys.stderr)
