"""Work in other processes goes on in a program that was forked from one that did such work."""

import os
import subprocess
import sys

import pytest

FORKED = """
import os, sys
from gis.cli.parallel import work_in_processes

if __name__ == "__main__":
    assert list(work_in_processes(abs, [-1, -2], processes=2)) == [1, 2]
    child = os.fork()
    if child == 0:
        done = list(work_in_processes(abs, [-3, -4], processes=2))
        again = list(work_in_processes(abs, [-5, -6], processes=2))
        os._exit(0 if (done, again) == ([3, 4], [5, 6]) else 1)
    _, status = os.waitpid(child, 0)
    assert list(work_in_processes(abs, [-7, -8], processes=2)) == [7, 8]
    sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.timeout(300)
def test_a_forked_program_starts_processes_of_its_own(tmp_path):
    script = tmp_path / "forked.py"
    script.write_text(FORKED)
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
