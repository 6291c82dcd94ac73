"""Types are checked: what a function is given and gives is what its signature says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_signatures_say_what_functions_take_and_give():
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-color-output", "--hide-error-context"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
