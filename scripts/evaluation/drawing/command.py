"""`scripts/evaluate drawing`: run the chosen cases and print one table."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from scripts.evaluation.drawing.cases import CASES, NEEDS_DATA, PICTURES, QUICK, Limits, Setting
from scripts.evaluation.drawing.ours import warm_up
from scripts.evaluation.drawing.table import LEGEND, Table


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--case", action="append", choices=list(CASES), help="default: every case")
    parser.add_argument("--quick", action="store_true", help="small limits, fewer instances")
    parser.add_argument("--every", type=int, help="of many communities, take every n-th only")
    parser.add_argument("--no-peers", action="store_true", help="ours only")
    parser.add_argument("--details", action="store_true", help="a row for every community too")
    parser.add_argument("--out", type=Path, help="write the table as CSV too")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the divided towns")


def run(options: argparse.Namespace, root: Path) -> None:
    """Run the chosen cases and print one table."""
    limits = QUICK if options.quick else Limits()
    if options.every:
        limits = replace(limits, every=options.every, every_of_town=options.every)
    setting = Setting(options.data, root / "out" / "evaluation", limits, not options.no_peers)
    warm_up()
    table = Table(details=options.details)
    for name in options.case or CASES:
        if name in NEEDS_DATA and not options.data.exists():
            print(f"{name}: left out, there is no {options.data}", file=sys.stderr)
            continue
        for row in CASES[name](setting):
            table.add(row)
            if options.out and (not row.detail or len(table.rows) % 50 == 0):
                table.write_csv(options.out)
        if options.pictures and name in PICTURES:
            _draw_town(setting, PICTURES[name], options.pictures)
    print(LEGEND)


def _draw_town(setting: Setting, town: str, folder: Path) -> None:
    """Write the pictures of a town that was divided; needs matplotlib, so it is asked for late."""
    from scripts.evaluation.drawing.pictures import write_pictures

    paths = write_pictures({town: setting.drawn[town]}, folder)
    print("pictures:", *paths, file=sys.stderr)
